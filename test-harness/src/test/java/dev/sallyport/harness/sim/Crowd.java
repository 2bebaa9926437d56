package dev.sallyport.harness.sim;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.identity.Identity;
import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.session.CallOutcome;
import dev.sallyport.domain.session.Progress;
import dev.sallyport.harness.model.NetModel;
import dev.sallyport.harness.model.NetObserver;
import dev.sallyport.harness.model.Spot;
import dev.sallyport.harness.natbox.Verdict;
import dev.sallyport.harness.packet.Packet;
import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.scenario.NetworkPath;
import dev.sallyport.harness.scenario.Scenario;
import dev.sallyport.harness.scenario.Site;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One service and many who call it at once, each on a host of its own behind a NAT of its own. */
final class Crowd {
  /** A SYN as it leaves a host, the first of a dial or a repeated one. */
  record Syn(long at, Endpoint to) {}

  /** The service follows a knock of this caller. */
  record Followed(long at, PublicKey32 caller) {}

  /**
   * A caller is told that it is not its turn yet.
   *
   * @param sinceCall how long it has really been calling
   */
  record Wait(Progress.Waiting said, Duration sinceCall) {}

  /** One of those who call, and what became of it. */
  static final class Member implements NetObserver {
    final NatKind kind;
    final Identity identity;
    final List<Wait> waits = new ArrayList<>();
    final List<Syn> syns = new ArrayList<>();
    private @Nullable Caller caller;
    private InetAddress outer;
    long calledAt;
    long linkedAt = -1;

    Member(NatKind kind, Identity identity, InetAddress somewhere) {
      this.kind = kind;
      this.identity = identity;
      this.outer = somewhere;
    }

    boolean isEchoed() {
      return caller != null && caller.isEchoed();
    }

    @Nullable CallOutcome outcome() {
      return caller == null ? null : caller.outcome();
    }

    /** Where others see it. */
    InetAddress outer() {
      return outer;
    }

    @Override
    public String toString() {
      return kind.word() + ", " + (isEchoed() ? "linked after " + took() : "no link: " + outcome());
    }

    /** From the call to the link. */
    Duration took() {
      return Duration.ofNanos(linkedAt - calledAt);
    }

    @Override
    public void sent(Spot from, Spot to, Packet packet, long leaves, long arrives) {
      note(syns, Spot.CLIENT, from, packet, leaves);
    }

    @Override
    public void lost(Spot from, Spot to, Packet packet, long leaves) {}

    @Override
    public void judged(Spot at, Verdict verdict, Packet packet, long now) {}
  }

  final List<Member> members = new ArrayList<>();
  final List<Syn> serviceSyns = new ArrayList<>();
  final List<Followed> followed = new ArrayList<>();
  private final World world;
  private final Service service;
  private boolean registered;

  /** Builds it: one member for each kind, in this order. */
  Crowd(NatKind serviceKind, List<NatKind> kinds, NetworkPath path) {
    world = new World(path.seed());
    Scenario scenario = Scenario.between(NatKind.NONE, serviceKind).over(path);
    NetModel net = NetModel.of(scenario, world.time, new AtService());
    Hosts hosts = new Hosts(net, world.time, world::part);
    Middle middle = new Middle(hosts, net.addresses(), scenario.stun());
    Meeting meeting = new Meeting(world, Trial.RENDEZVOUS_DELAY);
    service =
        new Service(
            world,
            hosts.server(),
            Cast.serve(Cast.SERVICE_PORT, List.of()),
            middle,
            meeting,
            this::onServeProgress);
    for (NatKind kind : kinds) {
      Member member =
          new Member(kind, Cast.anotherCaller(members.size()), net.addresses().middle());
      NetModel line = net.withCaller(Site.behind(kind), member);
      member.outer = line.addresses().seenFromOutside(Spot.CLIENT);
      member.caller =
          new Caller(
              world,
              member.identity,
              hosts.caller(line),
              middle,
              meeting,
              progress -> onProgress(member, progress));
      members.add(member);
    }
  }

  /** All call at once, as soon as the service is registered. */
  void play(Duration timeout, Duration atMost) {
    register();
    long end = world.time.now() + atMost.toNanos();
    for (Member member : members) {
      call(member, timeout);
    }
    while (world.time.now() < end
        && !members.stream().allMatch(Member::isEchoed)
        && world.time.runNext()) {
      // until all have their echo
    }
  }

  /** One calls after the other, each when the call before has ended well or badly, and a pause. */
  void playInTurn(Duration timeout, Duration pause) {
    register();
    for (Member member : members) {
      call(member, timeout);
      while (!member.isEchoed()
          && !(member.outcome() instanceof CallOutcome.Failed)
          && world.time.runNext()) {
        // until it has its echo, or none
      }
      long next = world.time.now() + pause.toNanos();
      while (world.time.now() < next && world.time.runNext()) {
        // until the next one
      }
    }
  }

  private void register() {
    service.serve();
    while (!registered && world.time.runNext()) {
      // until there is somebody to call
    }
  }

  private void call(Member member, Duration timeout) {
    member.calledAt = world.time.now();
    Objects.requireNonNull(member.caller, "a member without a caller").call(timeout);
  }

  Dials serviceDials() {
    return service.sockets().dials();
  }

  /**
   * The most SYNs to one address within any time that is so long.
   *
   * @param counts which of them count
   */
  static int most(List<Syn> syns, Duration within, Predicate<Syn> counts) {
    Map<InetAddress, Deque<Long>> windows = new HashMap<>();
    int most = 0;
    for (Syn syn : syns) {
      if (counts.test(syn)) {
        Deque<Long> window =
            windows.computeIfAbsent(syn.to.address(), address -> new ArrayDeque<>());
        window.add(syn.at);
        while (window.getFirst() <= syn.at - within.toNanos()) {
          window.removeFirst();
        }
        most = Math.max(most, window.size());
      }
    }
    return most;
  }

  private void onServeProgress(Progress progress) {
    switch (progress) {
      case Progress.Registered now -> registered = true;
      case Progress.KnockReceived knock ->
          followed.add(new Followed(world.time.now(), knock.callerKey()));
      default -> {}
    }
  }

  private void onProgress(Member member, Progress progress) {
    switch (progress) {
      case Progress.Waiting waiting when waiting.what() == Progress.Waiting.For.TURN -> {
        member.waits.add(new Wait(waiting, Duration.ofNanos(world.time.now() - member.calledAt)));
      }
      case Progress.Connected link -> member.linkedAt = world.time.now();
      default -> {}
    }
  }

  /** Those behind such a NAT. */
  List<Member> behind(NatKind kind) {
    return members.stream().filter(member -> member.kind == kind).toList();
  }

  private static void note(List<Syn> syns, Spot host, Spot from, Packet packet, long now) {
    if (from == host && packet instanceof Packet.Tcp segment && segment.opens()) {
      syns.add(new Syn(now, segment.to()));
    }
  }

  /** Sees what leaves the service's host. */
  private final class AtService implements NetObserver {
    @Override
    public void sent(Spot from, Spot to, Packet packet, long leaves, long arrives) {
      note(serviceSyns, Spot.SERVER, from, packet, leaves);
    }

    @Override
    public void lost(Spot from, Spot to, Packet packet, long leaves) {}

    @Override
    public void judged(Spot at, Verdict verdict, Packet packet, long now) {}
  }
}

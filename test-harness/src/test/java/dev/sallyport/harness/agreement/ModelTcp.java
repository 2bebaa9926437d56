package dev.sallyport.harness.agreement;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.address.IpLiteral;
import dev.sallyport.harness.kit.TwoSites;
import dev.sallyport.harness.model.Spot;
import dev.sallyport.harness.scenario.Scenario;
import dev.sallyport.harness.tcp.ConnectFailure;
import dev.sallyport.harness.tcp.TcpConnection;
import dev.sallyport.harness.tcp.TcpHost;
import dev.sallyport.harness.tcp.TcpListener;
import dev.sallyport.harness.tcp.TupleInUseException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Modelled hosts in virtual time. */
final class ModelTcp implements RawTcp {
  private static final Duration SILENCE = Duration.ofMillis(SILENCE_MILLIS);

  private record Port(Who who, int number) {}

  private final TwoSites lab;
  private final Map<Who, TcpHost> hosts = new EnumMap<>(Who.class);
  private final Map<Port, List<TcpConnection>> accepted = new HashMap<>();
  private final Map<Port, Integer> askedFor = new HashMap<>();
  private final Map<Port, List<TcpConnection>> dialled = new HashMap<>();

  ModelTcp(Scenario scenario) {
    lab =
        TwoSites.between(scenario.client(), scenario.server())
            .laidOut(scenario.layout())
            .delay(scenario.path().oneWayDelay())
            .seed(scenario.path().seed())
            .build();
    hosts.put(Who.CLIENT, lab.client());
    hosts.put(Who.SERVER, lab.server());
    byte[] first = lab.addresses().dht().getAddress();
    for (Who who : IN_THE_MIDDLE) {
      byte[] raw = first.clone();
      raw[3] = (byte) (first[3] + IN_THE_MIDDLE.indexOf(who));
      hosts.put(who, lab.host(IpLiteral.of(raw)));
    }
  }

  private TcpHost host(Who who) {
    return Objects.requireNonNull(hosts.get(who));
  }

  @Override
  public InetAddress address(Who who) {
    return host(who).address();
  }

  @Override
  public InetAddress outside(Who who) {
    return switch (who) {
      case CLIENT -> lab.addresses().seenFromOutside(Spot.CLIENT);
      case SERVER -> lab.addresses().seenFromOutside(Spot.SERVER);
      case X, Y, Z -> address(who);
    };
  }

  @Override
  public void listen(Who who, int port) {
    List<TcpConnection> mine = new ArrayList<>();
    accepted.put(new Port(who, port), mine);
    host(who).listen(port, mine::add);
  }

  @Override
  public List<Answer> dial(List<Call> calls) {
    List<Attempt> attempts = calls.stream().map(this::start).toList();
    lab.runUntil(() -> attempts.stream().allMatch(a -> a.answer != null), SILENCE);
    return attempts.stream().map(Attempt::end).toList();
  }

  private Attempt start(Call call) {
    Attempt attempt = new Attempt();
    try {
      TcpConnection connection = host(call.who()).connect(call.port(), call.to(), attempt);
      attempt.connection = connection;
      dialled
          .computeIfAbsent(new Port(call.who(), call.port()), port -> new ArrayList<>())
          .add(connection);
    } catch (TupleInUseException e) {
      throw new IllegalStateException(e);
    }
    return attempt;
  }

  @Override
  public Endpoint callerOf(Who who, int port) {
    Port at = new Port(who, port);
    List<TcpConnection> mine = accepted.getOrDefault(at, List.of());
    int next = askedFor.merge(at, 1, Integer::sum) - 1;
    if (!lab.runUntil(() -> mine.size() > next, SILENCE)) {
      throw new IllegalStateException("nobody has come to " + who + " at " + port);
    }
    return mine.get(next).remote();
  }

  @Override
  public void hangUp(Who who, int port) {
    Port at = new Port(who, port);
    accepted.getOrDefault(at, List.of()).forEach(TcpConnection::abort);
    dialled.getOrDefault(at, List.of()).forEach(TcpConnection::abort);
    lab.run(SILENCE.dividedBy(4));
  }

  @Override
  public void close() {
    // Nothing to give back.
  }

  private static final class Attempt implements TcpListener {
    private @Nullable TcpConnection connection;
    private @Nullable Answer answer;

    Answer end() {
      if (answer == null && connection != null) {
        connection.abort();
      }
      return answer == null ? Answer.SILENCE : answer;
    }

    @Override
    public void established() {
      answer = Answer.ACCEPTED;
    }

    @Override
    public void failed(ConnectFailure why) {
      answer =
          switch (why) {
            case REFUSED -> Answer.REFUSED;
            case UNREACHABLE -> Answer.UNREACHABLE;
            case TIMED_OUT -> Answer.SILENCE;
          };
    }

    @Override
    public void received(Object message) {
      // Nobody sends anything.
    }

    @Override
    public void closed(boolean reset) {
      // It has been accepted, and that is all that was asked.
    }
  }
}

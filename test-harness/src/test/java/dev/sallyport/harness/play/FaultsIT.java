package dev.sallyport.harness.play;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.harness.LabNeeds;
import dev.sallyport.harness.fabric.Network;
import dev.sallyport.harness.fabric.Place;
import dev.sallyport.harness.linux.Guest;
import dev.sallyport.harness.nft.NftFabric;
import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.scenario.Scenario;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What goes wrong around the real {@code sallyport}, between the kernel's NATs. */
@ExtendWith(LabNeeds.class)
final class FaultsIT {
  private static final Scenario SCENARIO =
      Scenario.between(NatKind.PORT_RESTRICTED, NatKind.PORT_RESTRICTED)
          .delayMillis(10)
          .withoutStun();

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Map<String, String> NOTHING_SPECIAL = Map.of();

  /** The folder for caches is a disk without a byte left; 99 if there is one. */
  private static final String DISK_FULL =
      """
      mkdir -p "$XDG_CACHE_HOME" && mount -t tmpfs -o size=64k tmpfs "$XDG_CACHE_HOME" || exit 99
      cat /dev/zero >"$XDG_CACHE_HOME/full" 2>/dev/null
      if (echo more >"$XDG_CACHE_HOME/more") 2>/dev/null; then exit 99; fi
      exec "$@"
      """;

  /** A name is waited for for minutes: nothing comes back from the name server; 99 if it does. */
  private static final String RESOLVER_HANGS =
      """
      printf 'nameserver 198.18.2.1\noptions timeout:30 attempts:5\n' >"$HOME/resolv.conf"
      mount --bind "$HOME/resolv.conf" /etc/resolv.conf || exit 99
      timeout 1 getent ahosts slow.example >/dev/null
      [ $? = 124 ] || exit 99
      exec "$@"
      """;

  /** Nothing is typed, and the keyboard is not gone either. */
  private static final String KEYBOARD_IS_QUIET =
      """
      exec "$@" < <(exec sleep 600 2>/dev/null)
      """;

  private final List<AutoCloseable> open = new ArrayList<>();
  private AppCommand command;
  private Workspace workspace;
  private Network network;
  private Stage stage;
  private Map<String, String> user;

  @BeforeEach
  void build() throws Exception {
    command = AppCommand.locate();
    workspace = Workspace.create();
    network = new NftFabric().build(SCENARIO);
    open.addAll(List.of(network, workspace));
    Middle.start(network, command, workspace, SCENARIO);
    stage = new Stage(network, command, workspace, SCENARIO);
    user = workspace.home("service");
  }

  @AfterEach
  void tearDown() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
  }

  @Test
  void aKilledService_isBackUnderItsId_andWhoCallsThenGetsTheNewOne() throws Exception {
    AppProcess first = stage.serve(user, "first");
    String id = registered(first);
    first.kill();
    AppProcess second = stage.serve(user, "second");
    assertThat(registered(second)).isEqualTo(id);
    assertEchoed(stage.connect(id, "hello", "caller"));
  }

  @Test
  void whoCallsWhileTheServiceIsDead_getsThroughWhenItIsBack() throws Exception {
    AppProcess first = stage.serve(user, "first");
    String id = registered(first);
    first.kill();
    AppProcess caller = stage.connect(id, "hello", "caller");
    caller.first(e -> e.kind().equals("found")).get(30, SECONDS);
    assertThat(registered(stage.serve(user, "second"))).isEqualTo(id);
    assertEchoed(caller);
  }

  @Test
  void aFullDiskForCaches_isNotEvenTalkedAboutMuch() throws Exception {
    AppProcess service = serve(DISK_FULL, Middle.options(network));
    String id = registered(service);
    AppProcess caller = connect(DISK_FULL, id, List.of("--message", "hello"), "caller");
    assertEchoed(caller);
    service.close();
    for (AppProcess process : List.of(service, caller)) {
      assertThat(Files.readAllLines(process.log()).stream().filter(line -> line.contains(" err ")))
          .hasSizeLessThanOrEqualTo(1);
    }
  }

  @Test
  void aResolverThatHangs_delaysNothing_whenOtherBootstrapNodesAreThere() throws Exception {
    List<String> both = new ArrayList<>(List.of("--bootstrap", "slow.example:6881"));
    both.addAll(Middle.options(network));
    both.addAll(List.of("--stun", "stun.example:3478"));
    String id = registered(serve(RESOLVER_HANGS, both));
    List<String> message = new ArrayList<>(both);
    message.addAll(List.of("--message", "hello"));
    assertEchoed(start(RESOLVER_HANGS, Place.CLIENT, "connect", id, message, "caller"));
  }

  @Test
  void aResolverThatHangs_andNoOtherBootstrapNode_isSaidSoon() throws Exception {
    List<String> slow = List.of("--bootstrap", "slow.example:6881", "--stun", "stun.example:3478");
    AppProcess service = serve(RESOLVER_HANGS, slow);
    AppProcess caller =
        start(RESOLVER_HANGS, Place.CLIENT, "connect", "00".repeat(20), slow, "caller");
    for (AppProcess process : List.of(service, caller)) {
      assertThat(process.awaitEnd(Duration.ofSeconds(30))).as(process.complaint()).isEqualTo(3);
      assertThat(process.complaint())
          .contains("slow.example:6881 (its name was not resolved in time)");
    }
  }

  @Test
  void aServiceThatIsKilled_endsTheLinkOfItsCaller() throws Exception {
    AppProcess service = stage.serve(user, "service");
    AppProcess caller = connect(KEYBOARD_IS_QUIET, registered(service), List.of(), "caller");
    caller.first(e -> e.kind().equals(Event.CONNECTED)).get(30, SECONDS);
    service.kill();
    assertThat(caller.awaitEnd(Duration.ofSeconds(10))).isEqualTo(5);
    assertThat(caller.complaint()).contains("the conversation broke off");
  }

  @Test
  void aServiceThatIsCutOff_endsTheLinkOfItsCaller_andTheOtherWayRound() throws Exception {
    AppProcess service = stage.serve(user, "service");
    AppProcess caller = connect(KEYBOARD_IS_QUIET, registered(service), List.of(), "caller");
    caller.first(e -> e.kind().equals(Event.CONNECTED)).get(30, SECONDS);
    List<String> cut = List.of("ip", "link", "set", "eth0", "down");
    Guest cutting = network.start(network.command(Place.SERVER, cut, NOTHING_SPECIAL));
    assertThat(cutting.exit().get(10, SECONDS)).isZero();
    // Pings are missed for 25 s.
    assertThat(caller.awaitEnd(Duration.ofSeconds(45))).isEqualTo(5);
    assertThat(caller.complaint()).contains("the conversation broke off");
    service.first(e -> e.kind().equals("closed")).get(45, SECONDS);
    assertThat(service.isAlive()).isTrue();
  }

  private AppProcess serve(String wrapper, List<String> options) throws Exception {
    List<String> whole = new ArrayList<>(List.of("--echo"));
    whole.addAll(options);
    return start(wrapper, Place.SERVER, "serve", "", whole, "service");
  }

  private AppProcess connect(String wrapper, String id, List<String> more, String name)
      throws Exception {
    List<String> whole = new ArrayList<>(Middle.options(network));
    whole.addAll(more);
    return start(wrapper, Place.CLIENT, "connect", id, whole, name);
  }

  /** Starts a command from within a script that changes its surroundings first. */
  private AppProcess start(
      String wrapper, Place place, String word, String id, List<String> options, String name)
      throws Exception {
    List<String> words = new ArrayList<>(List.of("bash", "-c", wrapper, "bash"));
    words.addAll(command.words());
    List<String> arguments = new ArrayList<>(List.of(word, "--json"));
    if (!id.isEmpty()) {
      arguments.add(id);
    }
    arguments.addAll(options);
    return AppProcess.start(
        network,
        place,
        new AppCommand(words, command.environment()),
        arguments,
        workspace.home(name),
        workspace.log(name));
  }

  private static String registered(AppProcess service) throws Exception {
    return service
        .first(e -> e.kind().equals(Event.REGISTERED))
        .get(PATIENCE.toSeconds(), SECONDS)
        .text("id");
  }

  private static void assertEchoed(AppProcess caller) throws Exception {
    assertThat(caller.awaitEnd(PATIENCE)).as(caller.complaint()).isZero();
    assertThat(caller.events())
        .anySatisfy(
            event -> {
              assertThat(event.kind()).isEqualTo(Event.MESSAGE);
              assertThat(event.text("text")).isEqualTo("hello");
            });
  }
}

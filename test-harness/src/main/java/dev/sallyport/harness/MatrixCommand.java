package dev.sallyport.harness;

import dev.sallyport.harness.campaign.Campaign;
import dev.sallyport.harness.campaign.CellPlayer;
import dev.sallyport.harness.campaign.MatrixText;
import dev.sallyport.harness.campaign.ProcessPlayer;
import dev.sallyport.harness.campaign.SimPlayer;
import dev.sallyport.harness.explain.Explanation;
import dev.sallyport.harness.fabric.Fabric;
import dev.sallyport.harness.fabric.FabricException;
import dev.sallyport.harness.matrix.Cell;
import dev.sallyport.harness.matrix.Kind;
import dev.sallyport.harness.matrix.Matrix;
import dev.sallyport.harness.matrix.MatrixFormatException;
import dev.sallyport.harness.matrix.MatrixJson;
import dev.sallyport.harness.page.Explained;
import dev.sallyport.harness.page.MatrixPage;
import dev.sallyport.harness.play.AppCommand;
import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.scenario.NetworkPath;
import dev.sallyport.harness.scenario.Scenario;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lab matrix}: every ordered pair of NATs, with rates. */
@Command(
    name = "matrix",
    description = {
      "Calls between every two kinds of NAT, in both roles, and counts: how many got through, by"
          + " which rung, how fast.",
      "Exit code: 0 if all was played, 2 for wrong options, 7 if the machine cannot play."
    },
    sortOptions = false)
final class MatrixCommand implements Callable<Integer> {
  private static final int SIM_REPEAT = 100;
  private static final int PROCESS_REPEAT = 20;

  /** How many runs are looked at for one that ended as most did. */
  private static final int RUNS_TO_SHOW = 5;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli before any method runs
  private CommandSpec spec;

  @Option(
      names = "--fabric",
      paramLabel = "FABRIC",
      defaultValue = "sim",
      description =
          "Where to play: sim (default, simulated, needs nothing), tun or nft (real processes; need"
              + " root).")
  private String fabric = "sim";

  @Option(
      names = "--nats",
      paramLabel = "KIND",
      split = ",",
      description =
          "Which kinds, by their names with commas between them; default: all that the fabric can"
              + " play.")
  private List<String> nats = List.of();

  @Option(
      names = "--repeat",
      paramLabel = "N",
      description = "Calls for each pair; default 100 for sim, 20 for the others.")
  private @Nullable Integer repeat;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Seed of all chance; default 1.")
  private long seed;

  @Option(
      names = "--delay",
      paramLabel = "MS",
      defaultValue = "50",
      description = "One-way delay between the two hosts; default 50.")
  private int delayMillis;

  @Option(
      names = "--loss",
      paramLabel = "PCT",
      defaultValue = "0",
      description = "How many of 100 one-way trips are lost; default 0.")
  private double lossPercent;

  @Option(
      names = "--reorder",
      paramLabel = "PCT",
      defaultValue = "0",
      description = "How many of 100 packets are overtaken by others; default 0. Not on nft.")
  private double reorderPercent;

  @Option(
      names = "--jitter",
      paramLabel = "MS",
      defaultValue = "0",
      description = "How much longer than the delay a trip may take; default 0. Not on nft.")
  private int jitterMillis;

  @Option(names = "--no-stun", description = "Packets to the STUN servers vanish.")
  private boolean noStun;

  @Option(
      names = "--age",
      paramLabel = "S",
      defaultValue = "0",
      description = "How many seconds each service has waited when it is called; default 0.")
  private int ageSeconds;

  @Option(
      names = "--pause",
      paramLabel = "S",
      defaultValue = "0",
      description =
          "Seconds between two calls of a pair, for NATs to forget; default 0. On sim each call has"
              + " NATs of its own.")
  private int pauseSeconds;

  @Option(
      names = "--parallel",
      paramLabel = "N",
      description =
          "How many pairs are played side by side; default: on sim as many as there are"
              + " processors, 1 on the others.")
  private @Nullable Integer parallel;

  @Option(
      names = "--resume",
      description =
          "Go on where the run that wrote the file of --json was stopped; with more kinds, if you"
              + " like.")
  private boolean resume;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write the matrix there; with real processes after each cell, for --resume.")
  private @Nullable Path json;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Write a page to look at, with the packets of one run of each pair.")
  private @Nullable Path html;

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    CellPlayer player = player(err);
    Campaign campaign = campaign(player);
    String missing = missing(player, campaign);
    if (missing != null) {
      err.println(missing);
      return Lab.LOCAL_PROBLEM;
    }
    Instant started = Instant.now();
    List<Cell> before = resume ? earlier(campaign) : List.of();
    List<Cell> soFar = new ArrayList<>(before);
    try {
      List<Cell> cells =
          campaign.play(
              player,
              before,
              atATime(player),
              (cell, done, of) -> {
                soFar.add(cell);
                progress(err, cell, done, of);
                if (!(player instanceof SimPlayer)) {
                  write(matrix(campaign, soFar, started));
                }
              });
      Matrix matrix = matrix(campaign, cells, started);
      write(matrix);
      if (html != null) {
        replace(html, MatrixPage.render(matrix, cell -> explained(campaign, cell)));
      }
      MatrixText.lines(matrix).forEach(out::println);
      return Lab.OK;
    } catch (FabricException e) {
      err.println(e.getMessage());
      return Lab.LOCAL_PROBLEM;
    }
  }

  private int atATime(CellPlayer player) {
    if (parallel == null) {
      return player instanceof SimPlayer ? Runtime.getRuntime().availableProcessors() : 1;
    }
    if (parallel < 1) {
      throw new ParameterException(
          spec.commandLine(), "\"" + parallel + "\" pairs at a time are none; expected 1 or more");
    }
    return parallel;
  }

  private CellPlayer player(PrintWriter err) throws IOException {
    if (fabric.equals("sim")) {
      return new SimPlayer();
    }
    for (Fabric one : FabricOption.ALL) {
      if (one.name().equals(fabric)) {
        return new ProcessPlayer(one, command(), Duration.ofSeconds(pauseSeconds), err::println);
      }
    }
    throw new ParameterException(
        spec.commandLine(),
        "\"" + fabric + "\" is no fabric; expected sim, tun or nft, for example --fabric sim");
  }

  private AppCommand command() throws IOException {
    try {
      return AppCommand.locate();
    } catch (FabricException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
  }

  private Campaign campaign(CellPlayer player) {
    boolean sim = player instanceof SimPlayer;
    try {
      NetworkPath path =
          new NetworkPath(
              Duration.ofMillis(delayMillis),
              lossPercent,
              Duration.ofMillis(jitterMillis),
              reorderPercent,
              seed);
      int times = repeat != null ? repeat : sim ? SIM_REPEAT : PROCESS_REPEAT;
      if (sim && pauseSeconds != 0) {
        throw new IllegalArgumentException(
            "--pause is for calls that meet the same NATs; on sim each call has its own, so leave"
                + " it out or play with --fabric tun");
      }
      return new Campaign(kinds(player), path, !noStun, times, seed)
          .aged(Duration.ofSeconds(ageSeconds))
          .pausing(Duration.ofSeconds(pauseSeconds));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
  }

  private List<NatKind> kinds(CellPlayer player) {
    if (!nats.isEmpty()) {
      return nats.stream().map(String::strip).map(NatKind::parse).toList();
    }
    return Arrays.stream(NatKind.values())
        .filter(kind -> !player.fabric().equals("nft") || kind.nftCanPlay())
        .toList();
  }

  private static @Nullable String missing(CellPlayer player, Campaign campaign) {
    for (NatKind kind : campaign.kinds()) {
      String missing = player.missing(campaign.scenario(kind, kind));
      if (missing != null) {
        return missing;
      }
    }
    return null;
  }

  /** The cells of an earlier run, if it was of the same campaign. */
  private List<Cell> earlier(Campaign campaign) throws IOException {
    Path file = json;
    if (file == null) {
      throw new ParameterException(
          spec.commandLine(), "--resume needs --json FILE, the file of the run to go on with");
    }
    if (!Files.exists(file)) {
      return List.of();
    }
    try {
      Matrix earlier = MatrixJson.read(Files.readString(file));
      Matrix now = matrix(campaign, List.of(), Instant.now());
      if (!earlier.fabric().equals(now.fabric())
          || earlier.seed() != now.seed()
          || earlier.repeat() != now.repeat()
          || !earlier.oneWay().equals(now.oneWay())
          || earlier.lossPercent() != now.lossPercent()
          || !earlier.conditions().equals(now.conditions())
          || !now.kinds().containsAll(earlier.kinds())) {
        throw new ParameterException(
            spec.commandLine(), file + " is of another run: it says \"" + earlier.command() + "\"");
      }
      return earlier.cells();
    } catch (MatrixFormatException e) {
      throw new ParameterException(
          spec.commandLine(), file + " is no matrix to go on with: " + e.getMessage());
    }
  }

  private Matrix matrix(Campaign campaign, List<Cell> cells, Instant started) {
    List<Kind> kinds = campaign.kinds().stream().map(MatrixText::kind).toList();
    Instant now = Instant.now();
    return new Matrix(
        fabric,
        seed,
        campaign.path().oneWayDelay(),
        campaign.path().lossPercent(),
        campaign.conditions(),
        campaign.repeat(),
        kinds,
        cells,
        "./lab " + String.join(" ", spec.commandLine().getParseResult().originalArgs()),
        now,
        Duration.between(started, now));
  }

  private void write(Matrix matrix) throws IOException {
    if (json != null) {
      replace(json, MatrixJson.write(matrix));
    }
  }

  /** One simulated run of the pair that ended as most of its calls did. */
  private static Optional<Explained> explained(Campaign campaign, Cell cell) {
    NatKind client = NatKind.parse(cell.client());
    NatKind server = NatKind.parse(cell.server());
    boolean usually = 2 * cell.connected() >= cell.runs();
    Explanation told = null;
    for (long one : campaign.seeds(client, server).stream().limit(RUNS_TO_SHOW).toList()) {
      Scenario scenario = campaign.scenario(client, server);
      told = Explanation.of(scenario.over(scenario.path().seeded(one)));
      if (told.result().connected() == usually) {
        break;
      }
    }
    return Optional.ofNullable(told).map(t -> new Explained(t.ladder(), t.sentences()));
  }

  /** So that a run that is stopped at that moment loses nothing. */
  private static void replace(Path file, String content) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(fresh, content);
    Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void progress(PrintWriter err, Cell cell, int done, int of) {
    err.println(MatrixText.progress(cell, done, of));
    err.flush();
  }
}

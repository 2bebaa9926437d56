package dev.sallyport.app.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The demo: three real processes, and what each of them says. */
final class Play {
  private static final String JOIN = "--bootstrap ";

  private final Console console;
  private final Path home;
  private final String sallyport;
  private final Map<String, Duration> times = new LinkedHashMap<>();
  private long sceneBegan = System.nanoTime();

  /**
   * @param home an empty folder, deleted afterwards
   * @param sallyport how the user calls us
   */
  Play(Console console, Path home, String sallyport) {
    this.console = console;
    this.home = home;
    this.sallyport = sallyport;
  }

  /**
   * Plays it to the end; afterwards no process of it is left.
   *
   * @throws ProblemException if it does not go as it should
   */
  void perform() throws ProblemException, IOException, InterruptedException {
    say("Both sides of Sallyport on this machine: three processes, each shown with its name.");
    say("");
    try (Actor dht = actor("dht", Ink.DIM, List.of("dht-node", "--bind", "127.0.0.1"))) {
      String ready = dht.await(dht.line(l -> l.contains(JOIN)), "was ready");
      String node = ready.substring(ready.indexOf(JOIN) + JOIN.length()).strip();
      sceneEnds("a DHT node of its own, empty");
      try (Actor service = service(node)) {
        CompletableFuture<String> line = service.line(l -> l.contains(" connect "));
        CompletableFuture<String> waiting = service.line(l -> l.startsWith("waiting"));
        String paste = service.await(line, "registered");
        service.await(waiting, "waited");
        sceneEnds("the service starts, looks around, registers");
        try (Actor client = client(paste)) {
          client.await(client.line(l -> l.startsWith("connected")), "connected");
          sceneEnds("the client starts, finds the service, connects");
          converse(service, client);
          sceneEnds("two messages there and back");
          require("client", client.leave());
        }
        require("service", service.leave());
      }
      require("dht", dht.leave());
      sceneEnds("goodbyes, and the end of all three");
    }
    epilogue();
  }

  private Actor service(String node) throws IOException {
    String port = String.valueOf(freePort());
    return actor(
        "service",
        Ink.GREEN,
        List.of(
            "serve",
            "--echo",
            "--no-stun",
            "--bootstrap",
            node,
            "--port",
            port,
            "--advertise",
            "127.0.0.1:" + port));
  }

  /** Runs the very line that the service printed. */
  private Actor client(String paste) throws IOException {
    List<String> words = new ArrayList<>(Arrays.asList(paste.replace("'", "").split(" ")));
    words.add("--no-stun");
    return actor("client", Ink.CYAN, words.subList(1, words.size()));
  }

  private static void converse(Actor service, Actor client)
      throws ProblemException, InterruptedException {
    for (String text : List.of("Hello from the client.", "Is anybody there?")) {
      CompletableFuture<String> heard = service.line(l -> l.endsWith(text));
      CompletableFuture<String> echoed = client.line(l -> l.equals(text));
      client.type(text);
      service.await(heard, "heard the client");
      client.await(echoed, "got its echo");
    }
    String greeting = "Hello from the service.";
    CompletableFuture<String> heard = client.line(l -> l.equals(greeting));
    service.type(greeting);
    client.await(heard, "heard the service");
  }

  private Actor actor(String name, Ink ink, List<String> arguments) throws IOException {
    List<String> whole = new ArrayList<>(arguments);
    if (!name.equals("client")) {
      // A demo that is killed must not leave its processes behind.
      whole.add(Flag.UNTIL_EOF.option());
    }
    String prefix = console.inkOut(ink, name + " ".repeat(8 - name.length()) + "\u2502") + " ";
    console.result(
        prefix
            + console.inkOut(
                Ink.BOLD,
                "$ "
                    + sallyport
                    + " "
                    + String.join(" ", arguments.stream().map(Paste::quoted).toList())));
    Path folder = home.resolve(name);
    return new Actor(name, Itself.command(whole), folder, line -> console.result(prefix + line));
  }

  private static void require(String name, int code) throws ProblemException {
    if (code != 0) {
      throw new ProblemException(
          Problem.of(ExitCode.of(code), "the " + name + " ended with exit code " + code));
    }
  }

  private void sceneEnds(String what) {
    long now = System.nanoTime();
    times.put(what, Duration.ofNanos(now - sceneBegan));
    sceneBegan = now;
  }

  private void epilogue() {
    say("");
    say("How long it took:");
    times.forEach((what, time) -> say("  " + padded(Words.seconds(time)) + what));
    Duration all = times.values().stream().reduce(Duration.ZERO, Duration::plus);
    say("  " + padded(Words.seconds(all)) + "in all");
    say("");
    say(
        "What you saw: an id was all the client knew. It found the service through the DHT, proved");
    say(
        "who it is, and talked to it directly, encrypted, with no server in between. Now for real:");
    say("`" + sallyport + " serve --echo` here, and on another computer the line that it prints.");
  }

  private static String padded(String text) {
    return " ".repeat(Math.max(0, 7 - text.length())) + text + "   ";
  }

  private void say(String line) {
    console.result(line);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}

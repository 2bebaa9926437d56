package dev.sallyport.harness.page;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A headless Chromium with one page, steered by the DevTools protocol. One test thread calls it;
 * what the browser says comes in on the HTTP client's.
 */
final class Chromium implements AutoCloseable {
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String GREETING = "DevTools listening on ";

  private final Process process;
  private final Path profile;
  private final WebSocket socket;
  private final Mouth mouth;
  private final AtomicInteger ids = new AtomicInteger();

  private Chromium(Process process, Path profile, WebSocket socket, Mouth mouth) {
    this.process = process;
    this.profile = profile;
    this.socket = socket;
    this.mouth = mouth;
  }

  /** The program, if it is on this machine: in the path, or where Playwright keeps its own. */
  static Optional<Path> find() {
    for (String folder : System.getenv().getOrDefault("PATH", "/usr/bin").split(":")) {
      for (String name : NAMES) {
        Path program = Path.of(folder, name);
        if (Files.isExecutable(program)) {
          return Optional.of(program);
        }
      }
    }
    Path playwright = Path.of(System.getProperty("user.home"), ".cache", "ms-playwright");
    if (!Files.isDirectory(playwright)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.walk(playwright, 3)) {
      return files
          .filter(file -> file.getFileName().toString().matches("chrome|headless_shell"))
          .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
          .sorted()
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  static Chromium start(Path program) throws Exception {
    Path profile = Files.createTempDirectory("chromium");
    Process process =
        new ProcessBuilder(
                program.toString(),
                "--headless",
                // The tests may run as root, and all it opens is a file of ours.
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      URI browser = URI.create(greeting(process.errorReader()));
      HttpClient http = HttpClient.newHttpClient();
      URI list = URI.create("http://" + browser.getAuthority() + "/json/list");
      String targets =
          http.send(
                  HttpRequest.newBuilder(list).timeout(PATIENCE).build(),
                  HttpResponse.BodyHandlers.ofString())
              .body();
      String page =
          JSON.std.listOfFrom(Object.class, targets).stream()
              .map(target -> (Map<?, ?>) target)
              .filter(target -> "page".equals(target.get("type")))
              .map(target -> String.valueOf(target.get("webSocketDebuggerUrl")))
              .findFirst()
              .orElseThrow();
      Mouth mouth = new Mouth();
      WebSocket socket =
          http.newWebSocketBuilder()
              .buildAsync(URI.create(page), mouth)
              .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      Chromium chromium = new Chromium(process, profile, socket, mouth);
      for (String domain : List.of("Page", "Log", "Runtime", "Network")) {
        chromium.call(domain + ".enable", Map.of());
      }
      return chromium;
    } catch (Exception e) {
      end(process, profile);
      throw e;
    }
  }

  private static String greeting(BufferedReader errors) throws IOException {
    List<String> heard = new ArrayList<>();
    for (String line = errors.readLine(); line != null; line = errors.readLine()) {
      if (line.startsWith(GREETING)) {
        return line.substring(GREETING.length());
      }
      heard.add(line);
    }
    throw new IOException("Chromium did not start: " + heard);
  }

  /** Calls a method of the protocol and waits for its result. */
  Map<?, ?> call(String method, Map<String, ?> parameters) throws Exception {
    int id = ids.incrementAndGet();
    CompletableFuture<Map<?, ?>> answer = new CompletableFuture<>();
    mouth.answers.put(id, answer);
    String text = JSON.std.asString(Map.of("id", id, "method", method, "params", parameters));
    var unused = socket.sendText(text, true);
    Map<?, ?> message = answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    if (!(message.get("result") instanceof Map<?, ?> result)) {
      throw new IOException(method + ": " + message.get("error"));
    }
    return result;
  }

  /**
   * Opens an address and waits until it is loaded; a new one, even if only the fragment differs.
   */
  void open(URI address) throws Exception {
    call("Page.navigate", Map.of("url", "about:blank"));
    call("Page.navigate", Map.of("url", address.toString()));
    // Polled, because a page without scripts cannot tell.
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> is("location.protocol !== 'about:' && document.readyState === 'complete'"));
  }

  /** The value of an expression, or of the promise it is. */
  @Nullable Object evaluate(String expression) throws Exception {
    Map<?, ?> result =
        call(
            "Runtime.evaluate",
            Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
    if (result.get("exceptionDetails") != null) {
      throw new IOException(expression + ": " + result.get("exceptionDetails"));
    }
    return result.get("result") instanceof Map<?, ?> value ? value.get("value") : null;
  }

  /** Whether an expression is true. */
  boolean is(String expression) throws Exception {
    return Boolean.TRUE.equals(evaluate("!!(" + expression + ")"));
  }

  /** Clicks on the middle of the first element that a selector finds. */
  void click(String selector) throws Exception {
    Object place =
        evaluate(
            """
            (() => {
              const element = document.querySelector('%s');
              element.scrollIntoView({block: 'center', inline: 'center'});
              const box = element.getBoundingClientRect();
              return [box.x + box.width / 2, box.y + box.height / 2];
            })()
            """
                .formatted(selector));
    List<?> point = place instanceof List<?> list ? list : List.of(0, 0);
    for (String type : List.of("mousePressed", "mouseReleased")) {
      call(
          "Input.dispatchMouseEvent",
          Map.of(
              "type",
              type,
              "button",
              "left",
              "clickCount",
              1,
              "x",
              point.get(0),
              "y",
              point.get(1)));
    }
  }

  /** Presses a key, named as in the DOM. */
  void press(String key) throws Exception {
    String text = key.equals("Enter") ? "\r" : "";
    call("Input.dispatchKeyEvent", Map.of("type", "keyDown", "key", key, "text", text));
    call("Input.dispatchKeyEvent", Map.of("type", "keyUp", "key", key));
  }

  void resize(int width, int height) throws Exception {
    call(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
  }

  void prefer(String colourScheme) throws Exception {
    Map<String, String> feature = Map.of("name", "prefers-color-scheme", "value", colourScheme);
    call("Emulation.setEmulatedMedia", Map.of("features", List.of(feature)));
  }

  /** What the page asked for, and what it complained of, since the start. */
  List<Map<?, ?>> events(String method) {
    return mouth.events.stream().filter(event -> method.equals(event.get("method"))).toList();
  }

  @Override
  public void close() throws IOException {
    socket.abort();
    end(process, profile);
  }

  private static void end(Process process, Path profile) throws IOException {
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    all.add(process.toHandle());
    all.forEach(ProcessHandle::destroyForcibly);
    for (ProcessHandle one : all) {
      one.onExit().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }
    try (Stream<Path> files = Files.walk(profile)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** Sorts what the browser says: answers to their calls, the rest to the events. */
  private static final class Mouth implements WebSocket.Listener {
    private final Map<Object, CompletableFuture<Map<?, ?>>> answers = new ConcurrentHashMap<>();
    private final List<Map<?, ?>> events = new CopyOnWriteArrayList<>();
    private final StringBuilder partial = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      partial.append(data);
      if (last) {
        String text = partial.toString();
        partial.setLength(0);
        hear(text);
      }
      from.request(1);
      return null;
    }

    private void hear(String text) {
      try {
        Map<String, Object> message = JSON.std.mapFrom(text);
        Object id = message.get("id");
        CompletableFuture<Map<?, ?>> answer = id == null ? null : answers.remove(id);
        if (answer == null) {
          events.add(message);
        } else {
          answer.complete(message);
        }
      } catch (IOException e) {
        answers.values().forEach(answer -> answer.completeExceptionally(e));
      }
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      answers.values().forEach(answer -> answer.completeExceptionally(error));
    }
  }
}

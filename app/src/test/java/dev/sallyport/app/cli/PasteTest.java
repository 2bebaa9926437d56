package dev.sallyport.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.app.wiring.NetworkOptions;
import dev.sallyport.domain.address.HostPort;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class PasteTest {
  @Test
  void line_survivesARealShell_wordForWord() throws Exception {
    NetworkOptions network =
        new NetworkOptions(
            List.of("file:/tmp/it's $HOME here", "dht:"),
            List.of(new HostPort("192.0.2.1", 6881), new HostPort("2001:db8::1", 6881)),
            List.of(),
            false,
            Path.of("/nowhere"));
    String line = Paste.line("sallyport", Samples.ID, network);

    Process shell =
        new ProcessBuilder("sh", "-c", "sallyport() { printf '%s\\n' \"$@\"; }; " + line).start();
    String words = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(words.lines())
        .containsExactly(
            "connect",
            Samples.ID.toString(),
            "--bootstrap",
            "192.0.2.1:6881",
            "--bootstrap",
            "[2001:db8::1]:6881",
            "--rendezvous",
            "file:/tmp/it's $HOME here",
            "--rendezvous",
            "dht:");
  }
}

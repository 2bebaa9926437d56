package dev.sallyport.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class StandardInputTest {
  @TempDir Path folder;

  @Test
  void readsWhatIsThereToTheEnd() throws IOException {
    Path file = Files.writeString(folder.resolve("lines"), "one\nzwölf\n");
    try (StandardInput in = StandardInput.of(new FileInputStream(file.toFile()))) {
      assertThat(in.available()).isEqualTo(11);
      assertThat(in.read()).isEqualTo('o');
      assertThat(in.readAllBytes()).isEqualTo("ne\nzwölf\n".getBytes(UTF_8));
      assertThat(in.read()).isEqualTo(-1);
    }
  }

  /** Without it a process would stay 300 ms longer: the JVM waits for threads in a read. */
  @Test
  void closingItEndsAReadThatWaits() throws Exception {
    Process quiet = new ProcessBuilder("cat").start();
    try (OutputStream keepsItOpen = quiet.getOutputStream();
        FileInputStream pipe = new FileInputStream("/proc/" + quiet.pid() + "/fd/1")) {
      StandardInput in = StandardInput.of(pipe);
      CompletableFuture<Thread> reader = new CompletableFuture<>();
      CompletableFuture<String> line = new CompletableFuture<>();
      Thread thread =
          new Thread(
              () -> {
                reader.complete(Thread.currentThread());
                line.complete(String.valueOf(new LineReader(in).next()));
              });
      thread.start();
      awaitNative(reader.get());

      in.close();

      assertThat(line.get(20, TimeUnit.SECONDS)).isEqualTo("null");
      thread.join();
      keepsItOpen.flush();
    } finally {
      quiet.destroy();
    }
  }

  private static void awaitNative(Thread thread) {
    while (true) {
      StackTraceElement[] stack = thread.getStackTrace();
      if (stack.length > 0 && stack[0].isNativeMethod()) {
        return;
      }
      Thread.onSpinWait();
    }
  }
}

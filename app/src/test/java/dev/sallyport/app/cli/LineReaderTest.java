package dev.sallyport.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineReaderTest {
  @Test
  void lines_comeWithoutTheirEnds_theLastOneToo() {
    assertThat(lines("one\r\n\ntwo", 100)).containsExactly("one", "", "two");
    assertThat(lines("one\n", 100)).containsExactly("one");
    assertThat(lines("", 100)).isEmpty();
  }

  @Test
  void lineThatIsTooLong_isCutAtACharacter_andNothingIsLost() {
    String text = "aä€\ud83d\ude00".repeat(50);

    List<String> pieces = lines(text, 16);

    assertThat(String.join("", pieces)).isEqualTo(text);
    assertThat(pieces).allMatch(p -> p.getBytes(StandardCharsets.UTF_8).length <= 16);
  }

  @Test
  void inputThatBreaks_ends() throws IOException {
    InputStream broken = InputStream.nullInputStream();
    broken.close(); // from here on, reading throws

    assertThat(new LineReader(broken).next()).isNull();
  }

  private static List<String> lines(String text, int limit) {
    LineReader reader =
        new LineReader(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), limit);
    List<String> lines = new ArrayList<>();
    for (String line = reader.next(); line != null; line = reader.next()) {
      lines.add(line);
    }
    return lines;
  }
}

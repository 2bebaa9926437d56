package dev.sallyport.domain.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceIdTest {
  private static final String DIGITS = "e401089776cfe21ed784ca7b7235cfb6f1b87628";
  private static final String EXAMPLE =
      "; expected for example Id(0123456789abcdef0123456789abcdef01234567)";

  @Test
  void paste_isReadHoweverItWasCopied() {
    ServiceId id = ServiceId.parse(DIGITS);
    assertThat(id).hasToString("Id(" + DIGITS + ")");
    Stream.<UnaryOperator<String>>of(
            text -> text,
            text -> "Id(" + text + ")",
            text -> "  Id(" + text + ")\r\n",
            text -> "\t" + text + "\u3000",
            text -> ("Id(" + text + ")").toUpperCase(Locale.ROOT),
            text -> "id(" + text.toUpperCase(Locale.ROOT) + ")")
        .forEach(copy -> assertThat(ServiceId.parse(copy.apply(DIGITS))).isEqualTo(id));
  }

  @ParameterizedTest
  @CsvSource({
    "'', the id is empty",
    "'  ', the id is empty",
    "Id(), the id is empty",
    "Id(e401089776cfe21ed784ca7b7235cfb6f1b87628, the id lacks its closing parenthesis",
    "Id(, the id lacks its closing parenthesis",
    "e401089776cfe21ed784ca7b7235cfb6f1b8762, 'an id has 40 hex digits, not 39'",
    "Id(e401089776cfe21ed784ca7b7235cfb6f1b876280), 'an id has 40 hex digits, not 41'",
    "e401089776cfe21ed784ca7b7235cfb6f1b8762g, an id has hex digits only (0-9 and a-f)",
    "e401089776cfe21ed784ca7b7235cfb6f1b8762٠, an id has hex digits only (0-9 and a-f)",
    "e401089776cfe21ed784ca7b7235cfb6f1b87628), an id has hex digits only (0-9 and a-f)",
    "Id(Id(e401089776cfe21ed784ca7b7235cfb6f1b87628)), an id has hex digits only (0-9 and a-f)",
    "Id(e401089776cfe21ed784 ca7b7235cfb6f1b87628), an id has hex digits only (0-9 and a-f)",
    "Id (e401089776cfe21ed784ca7b7235cfb6f1b87628), an id has hex digits only (0-9 and a-f)",
    "0xe401089776cfe21ed784ca7b7235cfb6f1b87628, an id has hex digits only (0-9 and a-f)"
  })
  void mistake_isAnsweredWithWhatIsWrongAndAnExampleButNotRepeated(String text, String why) {
    assertThatThrownBy(() -> ServiceId.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(why + EXAMPLE);
  }

  @Test
  void id_commitsToNameAndKey() {
    PublicKey32 key = PublicKey32.of(new byte[32]);
    byte[] other = new byte[32];
    other[31] = 1;
    ServiceId id = ServiceId.of(ServiceName.DEFAULT, key);
    assertThat(ServiceId.of(new ServiceName("default"), key)).isEqualTo(id).hasSameHashCodeAs(id);
    assertThat(ServiceId.of(new ServiceName("Default"), key)).isNotEqualTo(id);
    assertThat(ServiceId.of(ServiceName.DEFAULT, PublicKey32.of(other))).isNotEqualTo(id);
  }

  @Test
  void bytes_areCopies() {
    ServiceId id = ServiceId.parse(DIGITS);
    id.toByteArray()[0] = 0;
    assertThat(id).isEqualTo(ServiceId.parse(DIGITS));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "default", "my files", "Büro 2", "日本", "🚪", "a\u200db"})
  void name_mayBeInAnyScript(String name) {
    assertThat(new ServiceName(name)).hasToString(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\nb",
        "\u0000",
        "\u001b[31m",
        "a\u007f",
        "a\u0085b",
        "a\u009f",
        "a\u2028b",
        "a\u202eb",
        "a\u2066b",
        "a\u2069b",
        "a\ud800",
        "\udc00a"
      })
  void name_hasNoControlCharacters(String name) {
    assertThatThrownBy(() -> new ServiceName(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a service name has no control characters; for example \"default\"");
  }

  @Test
  void name_mayHaveTheNeighboursOfWhatIsForbidden() {
    for (int codePoint :
        new int[] {0x20, 0x7e, 0xa0, 0xd7ff, 0xe000, 0x2027, 0x202f, 0x2065, 0x206a}) {
      assertThat(new ServiceName(Character.toString(codePoint)).value()).hasSize(1);
    }
    for (int codePoint : new int[] {0x1f, 0x7f, 0x9f, 0x2028, 0x202e, 0x2066, 0x2069}) {
      assertThatThrownBy(() -> new ServiceName(Character.toString(codePoint)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void name_has1To64BytesOfUtf8() {
    assertThat(new ServiceName("a".repeat(64)).toByteArray()).hasSize(64);
    assertThat(new ServiceName("ü".repeat(32)).toByteArray()).hasSize(64);
    for (String name : new String[] {"", "a".repeat(65), "ü".repeat(32) + "a"}) {
      assertThatThrownBy(() -> new ServiceName(name))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("a service name has 1 to 64 bytes, not ");
    }
  }
}

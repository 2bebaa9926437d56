package dev.sallyport.domain.nat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.domain.formats.Vector;
import dev.sallyport.domain.wire.ByteReader;
import dev.sallyport.domain.wire.ByteWriter;
import dev.sallyport.domain.wire.MalformedException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class NatProfileTest {

  static List<Vector> vectors() {
    return Vector.in("nat-profile.txt");
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void vector_isWrittenAndReadToTheByte(Vector vector) throws MalformedException {
    NatProfile profile =
        new NatProfile(
            behavior(vector.text("tcpMapping")),
            behavior(vector.text("udpMapping")),
            behavior(vector.text("tcpFiltering")),
            behavior(vector.text("udpFiltering")),
            allocation(vector.text("allocation")),
            answer(vector.text("unsolicitedSyn")),
            vector.text("carrierGrade").equals("yes"),
            vector.text("globalIpv6").equals("yes"));
    ByteWriter out = new ByteWriter();
    profile.write(out);
    assertThat(out.toByteArray()).isEqualTo(vector.hex("bytes"));
    assertThat(NatProfile.read(new ByteReader(vector.hex("bytes"), "a profile")))
        .isEqualTo(profile);
  }

  @Test
  void aGuessedAnswer_isNotWritten_becauseItWouldBeReadAsSure() throws MalformedException {
    ByteWriter out = new ByteWriter();
    profile(Finding.unknown(), Finding.of(UnsolicitedSyn.RESET, 40)).write(out);
    assertThat(NatProfile.read(new ByteReader(out.toByteArray(), "a profile")))
        .isEqualTo(NatProfile.unknown());
  }

  @Test
  void anAnswerThatIsJustSure_isWritten() throws MalformedException {
    ByteWriter out = new ByteWriter();
    profile(Finding.unknown(), Finding.of(UnsolicitedSyn.RESET, Confidence.SURE)).write(out);
    assertThat(NatProfile.read(new ByteReader(out.toByteArray(), "a profile")).unsolicitedSyn())
        .isEqualTo(Finding.of(UnsolicitedSyn.RESET, 100));
  }

  @Test
  void confidenceAndRangesAreEstimates_theRestIsWhatAProfileSays() {
    NatProfile random = profile(Finding.of(new PortAllocation.Random(1024, 65535), 80));
    assertThat(random.saysTheSame(profile(Finding.of(new PortAllocation.Random(2000, 60000), 60))))
        .isTrue();
    assertThat(random.saysTheSame(profile(Finding.of(new PortAllocation.Block(1024, 65535), 80))))
        .isFalse();
    NatProfile step = profile(Finding.of(new PortAllocation.Sequential(1), 80));
    assertThat(step.saysTheSame(profile(Finding.of(new PortAllocation.Sequential(1), 40))))
        .isTrue();
    assertThat(step.saysTheSame(profile(Finding.of(new PortAllocation.Sequential(2), 80))))
        .isFalse();
    assertThat(step.saysTheSame(NatProfile.unknown())).isFalse();
  }

  private static NatProfile profile(Finding<PortAllocation> allocation) {
    return profile(allocation, Finding.unknown());
  }

  private static NatProfile profile(
      Finding<PortAllocation> allocation, Finding<UnsolicitedSyn> answer) {
    Finding<Behavior> none = Finding.unknown();
    return new NatProfile(none, none, none, none, allocation, answer, false, false);
  }

  @ParameterizedTest
  @CsvSource({
    "00 01 0000 0000 0000 000000000000 00, confidence in an unknown mapping",
    "01 00 0000 0000 0000 000000000000 00, a mapping without confidence",
    "01 65 0000 0000 0000 000000000000 00, more than 100 percent",
    "04 64 0000 0000 0000 000000000000 00, an unknown behavior",
    "00 00 0000 0000 0000 050000000064 00, an unknown allocation",
    "00 00 0000 0000 0000 020000000064 00, a step of 0",
    "00 00 0000 0000 0000 027fff000064 00, too large a step",
    "00 00 0000 0000 0000 0304000 3ff64 00, a block that ends before it begins",
    "00 00 0000 0000 0000 040000ffff64 00, port 0",
    "00 00 0000 0000 0000 010001000064 00, a parameter where there is none",
    "00 00 0000 0000 0000 020001000164 00, a second parameter where there is one",
    "00 00 0000 0000 0000 000000000100 00, a parameter of the unknown",
    "00 00 0000 0000 0000 000000000000 05, an unknown answer",
    "00 00 0000 0000 0000 000000000000 20, an unknown flag",
    "00 00 0000 0000 0000 0000000000, cut short"
  })
  void whatCannotBeWritten_isRefused(String hex, String why) {
    byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
    assertThatThrownBy(() -> NatProfile.read(new ByteReader(bytes, "a profile")))
        .as(why)
        .isInstanceOf(MalformedException.class);
  }

  private static Finding<Behavior> behavior(String text) {
    if (text.equals("unknown")) {
      return Finding.unknown();
    }
    String[] words = text.split(" ", -1);
    for (Behavior behavior : Behavior.values()) {
      if (behavior.words().equals(words[0])) {
        return Finding.of(behavior, Integer.parseInt(words[1]));
      }
    }
    throw new IllegalArgumentException(text);
  }

  private static Finding<PortAllocation> allocation(String text) {
    if (text.equals("unknown")) {
      return Finding.unknown();
    }
    String[] words = text.split(" ", -1);
    PortAllocation allocation =
        switch (words[0]) {
          case "preserving" -> new PortAllocation.Preserving();
          case "sequential" -> new PortAllocation.Sequential(Integer.parseInt(words[1]));
          case "block" ->
              new PortAllocation.Block(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
          case "random" ->
              new PortAllocation.Random(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
          default -> throw new IllegalArgumentException(text);
        };
    return Finding.of(allocation, Integer.parseInt(words[words.length - 1]));
  }

  private static Finding<UnsolicitedSyn> answer(String text) {
    return text.equals("unknown")
        ? Finding.unknown()
        : Finding.of(UnsolicitedSyn.valueOf(text.toUpperCase(Locale.ROOT)), 100);
  }
}

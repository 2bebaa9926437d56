package dev.sallyport.app.drawing;

import static dev.sallyport.app.drawing.Ladders.LANES;
import static dev.sallyport.app.drawing.Ladders.millis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.app.drawing.PacketLadder.Arrow;
import dev.sallyport.app.drawing.PacketLadder.Kind;
import dev.sallyport.app.drawing.PacketLadder.Mark;
import dev.sallyport.app.drawing.PacketLadder.Tone;
import java.io.StringReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

final class PacketLadderTest {
  private static Document parse(String svg) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    factory.setNamespaceAware(true);
    return factory.newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
  }

  private static List<Element> elements(Document document, String name) {
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < document.getElementsByTagName(name).getLength(); i++) {
      elements.add((Element) document.getElementsByTagName(name).item(i));
    }
    return elements;
  }

  private static long count(Document document, String name, String cssClass) {
    return elements(document, name).stream()
        .filter(e -> List.of(e.getAttribute("class").split(" ")).contains(cssClass))
        .count();
  }

  private static PacketLadder of(Arrow... arrows) {
    return new PacketLadder(LANES, List.of(arrows), List.of());
  }

  @Test
  void everyLanePacketAndMark_isInTheDrawing() throws Exception {
    PacketLadder ladder = Ladders.crossing();
    Document svg = parse(ladder.svg());
    assertThat(svg.getDocumentElement().getNodeName()).isEqualTo("svg");
    assertThat(count(svg, "path", "s")).isEqualTo(8);
    assertThat(count(svg, "path", "k")).isEqualTo(8);
    assertThat(count(svg, "path", "pg")).isEqualTo(2);
    assertThat(count(svg, "path", "pn")).isEqualTo(1);
    assertThat(elements(svg, "text").stream().map(Element::getTextContent))
        .containsAll(LANES)
        .contains("ms", "SYN 43775 → 8765", "SYN-ACK", "connected");
    assertThat(svg.getDocumentElement().getAttribute("aria-label")).contains("16 packets");
  }

  @Test
  void nothingComesFromElsewhere() {
    assertThat(Ladders.crossing().svg().replace("http://www.w3.org/2000/svg", ""))
        .doesNotContain("http", "url(", "@import", "href", "<script", "<image");
  }

  @Test
  void wordsOfOthers_areEscapedWhereverTheyStand() throws Exception {
    String evil = "<script>alert(\"1\")</script>&'\u0000\u202e\ud800";
    PacketLadder ladder =
        new PacketLadder(
            List.of(evil, "b"),
            List.of(new Arrow(0, 1, millis(0), millis(5), Kind.OTHER, evil)),
            List.of(new Mark(1, millis(1), evil, Tone.BAD)));
    String svg = ladder.svg();
    assertThat(svg).doesNotContain("<script", "\u0000", "\u202e", "\"1\"");
    assertThat(elements(parse(svg), "script")).isEmpty();
    assertThat(parse(svg).getDocumentElement().getAttribute("aria-label"))
        .contains("<script>alert(\"1\")</script>&'\ufffd\ufffd\ufffd");
  }

  @Test
  void aLostPacket_endsHalfWayInACross() throws Exception {
    PacketLadder ladder = of(Arrow.lost(1, 3, millis(4), Kind.SYN, ""));
    Layout layout = new Layout(ladder);
    Layout.Line line = layout.lines.get(0);
    assertThat(line.x2()).isEqualTo(layout.laneX(2));
    assertThat(elements(parse(ladder.svg()), "path"))
        .anyMatch(path -> path.getAttribute("d").endsWith("m-4 -4l8 8m0 -8l-8 8"));
  }

  @Test
  void moreThanTwoHundredArrows_areCutAndCounted() throws Exception {
    List<Arrow> many = new ArrayList<>();
    for (int i = 322; i >= 0; i--) {
      many.add(new Arrow(i % 4, i % 4 + 1, millis(i), millis(i + 20), Kind.SYN, "n" + i));
    }
    Document svg = parse(new PacketLadder(LANES, many, List.of()).svg());
    assertThat(count(svg, "path", "s")).isEqualTo(PacketLadder.MOST_DRAWN);
    assertThat(elements(svg, "text").stream().map(Element::getTextContent))
        .contains("and 123 more", "SYN n0", "SYN n199")
        .doesNotContain("SYN n200");
  }

  @Test
  void moreThanTwoHundredMarks_areCutAndCounted() {
    List<Mark> many = new ArrayList<>();
    for (int i = 0; i < 205; i++) {
      many.add(new Mark(i % 5, millis(3), "mark", Tone.NEUTRAL));
    }
    assertThat(new PacketLadder(LANES, List.of(), many).svg()).contains("and 5 more notes");
  }

  @Test
  void aWordOfAMegabyte_isCut() {
    String endless = "x".repeat(1_000_000);
    PacketLadder ladder =
        new PacketLadder(
            List.of(endless, "b"),
            List.of(new Arrow(0, 1, millis(0), millis(5), Kind.SYN, endless)),
            List.of(new Mark(1, millis(1), endless, Tone.BAD)));
    assertThat(ladder.svg().length()).isLessThan(8_000);
  }

  @Test
  void fortyArrows_takeLessThanTwelveKilobytes() {
    List<Arrow> arrows = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      Ladders.send(arrows, i % 2 * 4, 4 - i % 2 * 4, i * 400, Kind.SYN, "198.18.10.2:43775");
    }
    assertThat(arrows).hasSize(40);
    assertThat(new PacketLadder(LANES, arrows, List.of()).svg().length()).isLessThan(12_000);
  }

  @Test
  void equalLadders_areDrawnAlike() {
    long seed = new Random().nextLong();
    PacketLadder ladder = Ladders.random(new Random(seed));
    assertThat(Ladders.random(new Random(seed)).svg()).as("seed %d", seed).isEqualTo(ladder.svg());
  }

  @Test
  void anEmptyLadder_stillShowsItsLanes() throws Exception {
    assertThat(elements(parse(of().svg()), "text").stream().map(Element::getTextContent))
        .containsAll(LANES);
  }

  @Test
  void aPage_mayHaveTheStyleOnce() throws Exception {
    assertThat(elements(parse(Ladders.crossing().svgWithoutStyle()), "style")).isEmpty();
    assertThat(Ladders.crossing().svg()).contains(PacketLadder.style());
    assertThat(PacketLadder.style().lines().filter(line -> !line.startsWith("@media")))
        .allMatch(line -> line.startsWith(".pl"));
  }

  @Test
  void whatCannotBe_isRefused() {
    assertThatThrownBy(() -> new PacketLadder(List.of("one"), List.of(), List.of()))
        .hasMessageContaining("1 lanes");
    assertThatThrownBy(() -> new PacketLadder(List.of("a", " "), List.of(), List.of()))
        .hasMessageContaining("without a name");
    assertThatThrownBy(() -> of(new Arrow(0, 5, millis(0), millis(0), Kind.SYN, "")))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> new Arrow(1, 1, millis(0), millis(0), Kind.SYN, ""))
        .hasMessageContaining("to itself");
    assertThatThrownBy(() -> new Arrow(0, 1, millis(2), millis(1), Kind.SYN, ""))
        .hasMessageContaining("arrives at");
    assertThatThrownBy(() -> Arrow.lost(0, 1, millis(-1), Kind.SYN, ""))
        .hasMessageContaining("after the start");
    assertThatThrownBy(() -> Arrow.lost(0, 1, Duration.ofDays(2), Kind.SYN, ""))
        .hasMessageContaining("after the start");
    assertThatThrownBy(() -> new Mark(0, millis(0), "", Tone.GOOD))
        .hasMessageContaining("without a text");
  }
}

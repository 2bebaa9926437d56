package dev.sallyport.harness.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.harness.matrix.Cell;
import dev.sallyport.harness.matrix.Matrix;
import dev.sallyport.harness.matrix.Proportion;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;

final class MatrixPageTest {
  private static final Matrix MATRIX = Samples.matrix();
  private static final String PAGE = MatrixPage.render(MATRIX, Samples::run);

  private static Document parse(String page) throws Exception {
    assertThat(page).startsWith("<!DOCTYPE html>\n");
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    String body = page.substring(page.indexOf('\n') + 1);
    return factory.newDocumentBuilder().parse(new InputSource(new StringReader(body)));
  }

  private static List<Element> elements(Document document, String name) {
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < document.getElementsByTagName(name).getLength(); i++) {
      elements.add((Element) document.getElementsByTagName(name).item(i));
    }
    return elements;
  }

  private static String text(Element element) {
    return element.getTextContent().replaceAll("[\\s\u00a0]+", " ").strip();
  }

  @Test
  void everyCell_isALinkToItsPanel() throws Exception {
    Document page = parse(PAGE);
    Map<String, Element> panels = new HashMap<>();
    elements(page, "section").forEach(panel -> panels.put(panel.getAttribute("id"), panel));
    List<Element> links =
        elements(page, "a").stream()
            .filter(a -> a.getParentNode().getNodeName().equals("td"))
            .toList();
    assertThat(links).hasSameSizeAs(MATRIX.cells());
    assertThat(panels).hasSameSizeAs(MATRIX.cells());
    for (int i = 0; i < links.size(); i++) {
      Cell cell = MATRIX.cells().get(i);
      String id = cell.client() + "--" + cell.server();
      assertThat(links.get(i).getAttribute("href")).isEqualTo("#" + id);
      assertThat(links.get(i).getAttribute("aria-label"))
          .isEqualTo(
              "%s calls %s: %d %%, %d of 20 connected"
                  .formatted(cell.client(), cell.server(), cell.connected() * 5, cell.connected()));
      assertThat(panels).containsKey(id);
    }
    assertThat(PAGE).contains("<span title=\"not measured\">–</span>");
  }

  @Test
  void aPanel_hasTheNumbersAndTheRun() throws Exception {
    List<Element> panels = elements(parse(PAGE), "section");
    assertThat(panels.stream().map(MatrixPageTest::text))
        .anySatisfy(
            text ->
                assertThat(text)
                    .startsWith("none calls symmetric× connected5 %, 1 of 20, 95 % interval")
                    .contains("0.9 to 23.6 %")
                    .contains("won by1 × external<script>")
                    .contains("tookmedian 1.5, 95th percentile 1.5 round trips")
                    .contains("failed by19 × gave up<script>")
                    .contains("Both dial at once.")
                    .contains("SYN 43775 → 8765")
                    .endsWith("The other way round: symmetric calls none"))
        .anySatisfy(
            text ->
                assertThat(text)
                    .startsWith("symmetric-step-1 calls symmetric-step-1")
                    .doesNotContain("round trips", "won by")
                    .contains("0 of 20", "No run of this pair was drawn."));
  }

  @Test
  void thePage_saysHowItWasMade_andComparesWithTheRulesOfThumb() throws Exception {
    Document page = parse(PAGE);
    assertThat(text(page.getDocumentElement()))
        .contains("./lab matrix <script>", "fabricsim", "seed7", "25 ms one way, 0.5 % loss")
        .contains("22 November 2026, 21:00 UTC, took 1.2 s");
    assertThat(elements(page, "tr").stream().map(MatrixPageTest::text))
        .contains(
            "full cone or no NAT100 %100 %83.9 to 100 %20",
            "address-restricted90 % or morenot measured",
            "port-restricted80 % or more100 %99.2 to 100 %480",
            "symmetric at one endabout 20 %5 %3.3 to 7.6 %400",
            "symmetric at both endsabout 20 %3 %0.9 to 11.4 %60");
  }

  @Test
  void wordsOfOthers_areTextAndNothingElse() throws Exception {
    Document page = parse(PAGE);
    assertThat(elements(page, "script")).hasSize(1);
    assertThat(PAGE).doesNotContain("<script>alert", "\" onload", "\u0000");
    for (String name : List.of("section", "a", "td", "th", "svg", "text", "div", "p", "dd")) {
      assertThat(elements(page, name)).noneMatch(element -> element.hasAttribute("onload"));
    }
  }

  @Test
  void nothing_isLoadedFromAnywhere() throws Exception {
    assertThat(PAGE.replace("http://www.w3.org/2000/svg", ""))
        .doesNotContainPattern("https?:")
        .doesNotContain("url(", "@import", "@font-face", " src=", "srcset", "//cdn");
    Document page = parse(PAGE);
    for (String name : List.of("link", "img", "iframe", "object", "embed", "base", "form")) {
      assertThat(elements(page, name)).isEmpty();
    }
    assertThat(elements(page, "a")).allMatch(a -> a.getAttribute("href").startsWith("#"));
  }

  @Test
  void thePolicy_allowsThisStyleAndThisScriptOnly() throws Exception {
    Document page = parse(PAGE);
    String policy =
        elements(page, "meta").stream()
            .filter(meta -> meta.getAttribute("http-equiv").equals("Content-Security-Policy"))
            .findFirst()
            .orElseThrow()
            .getAttribute("content");
    assertThat(policy)
        .isEqualTo(
            "default-src 'none'; style-src 'sha256-%s'; script-src 'sha256-%s';"
                    .formatted(hash(page, "style"), hash(page, "script"))
                + " base-uri 'none'; form-action 'none'");
    assertThat(PAGE).doesNotContain(" style=");
  }

  private static String hash(Document page, String name) throws Exception {
    Node only = elements(page, name).get(0).getFirstChild();
    byte[] text = only.getNodeValue().getBytes(StandardCharsets.UTF_8);
    return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(text));
  }

  @Test
  void theSameMatrix_givesTheSamePage() {
    assertThat(MatrixPage.render(Samples.matrix(), Samples::run).equals(PAGE)).isTrue();
  }

  @Test
  void aMatrixOfNothing_isAPageAllTheSame() throws Exception {
    Matrix empty =
        new Matrix(
            "sim",
            1,
            Duration.ZERO,
            0,
            "",
            1,
            List.of(),
            List.of(),
            "",
            Instant.EPOCH,
            Duration.ZERO);
    assertThat(elements(parse(MatrixPage.render(empty, cell -> Optional.empty())), "section"))
        .isEmpty();
  }

  @Test
  void onlyNoneAndAll_lookLikeNoneAndAll() {
    assertThat(HeatMap.step(new Proportion(0, 1000))).isEqualTo(0);
    assertThat(HeatMap.step(new Proportion(1, 1000))).isEqualTo(1);
    assertThat(HeatMap.step(new Proportion(999, 1000))).isEqualTo(9);
    assertThat(HeatMap.step(new Proportion(1000, 1000))).isEqualTo(10);
    assertThat(Words.percent(new Proportion(1, 1000))).isEqualTo(1);
    assertThat(Words.percent(new Proportion(999, 1000))).isEqualTo(99);
  }

  /** WCAG 2.2, success criterion 1.4.3: a contrast of 4.5 between text and ground. */
  @Test
  void theNumbersInTheMap_canBeRead() {
    Matcher matcher =
        Pattern.compile("\\.h(\\d+)\\{background:(#\\w+);color:(#\\w+)}")
            .matcher(MatrixPage.resource("page.css"));
    int found = 0;
    while (matcher.find()) {
      double ground = luminance(matcher.group(2));
      double ink = luminance(matcher.group(3));
      double contrast = (Math.max(ground, ink) + 0.05) / (Math.min(ground, ink) + 0.05);
      assertThat(contrast).as(matcher.group()).isGreaterThan(4.5);
      found++;
    }
    assertThat(found).isEqualTo(2 * HeatMap.STEPS);
  }

  private static double luminance(String colour) {
    String digits = colour.substring(1);
    String six = digits.length() == 3 ? digits.replaceAll("(.)", "$1$1") : digits;
    double[] weights = {0.2126, 0.7152, 0.0722};
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      double c = Integer.parseInt(six.substring(2 * i, 2 * i + 2), 16) / 255.0;
      sum += weights[i] * (c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4));
    }
    return sum;
  }
}

package dev.sallyport.app.callreport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.app.drawing.PacketLadder;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

class CallPageTest {
  private static final String EVIL = "</style><script src='//x'>\u202e\u0007\"&";

  @Test
  void whateverComesFromOutside_isText() throws Exception {
    PacketLadder ladder =
        new PacketLadder(
            List.of("here", EVIL),
            List.of(PacketLadder.Arrow.lost(0, 1, Duration.ZERO, PacketLadder.Kind.SYN, EVIL)),
            List.of());
    CallPage page =
        new CallPage(
            EVIL,
            false,
            EVIL,
            List.of(EVIL),
            List.of(new CallPage.Fact(EVIL, EVIL)),
            List.of(new CallPage.Rung(EVIL, EVIL, EVIL, EVIL, EVIL, EVIL)),
            ladder,
            EVIL);

    assertThat(page.html()).doesNotContain("<script", "\u202e", "\u0007");
    assertThat(parsed(page).getElementsByTagName("td").item(0).getTextContent())
        .startsWith("</style><script src='//x'>");
  }

  @Test
  void aPageStandsAlone() throws Exception {
    CallPage page =
        new CallPage("A call", true, "Connected.", List.of(), List.of(), List.of(), null, "Bye.");

    assertThat(page.html())
        .contains("default-src 'none'", "Nothing was dialled.", "prefers-color-scheme:dark")
        .doesNotContain("http://", "https://", "url(", "<script", "<link", "<table>");
    assertThat(parsed(page).getElementsByTagName("title").item(0).getTextContent())
        .isEqualTo("A call");
  }

  private static Document parsed(CallPage page) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    byte[] bytes = page.html().getBytes(StandardCharsets.UTF_8);
    return factory.newDocumentBuilder().parse(new ByteArrayInputStream(bytes));
  }
}

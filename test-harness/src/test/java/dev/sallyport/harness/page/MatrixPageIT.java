package dev.sallyport.harness.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page as a reader has it: in a browser, from a file. */
@ExtendWith(ChromiumNeeds.class)
final class MatrixPageIT {
  private static final String CELL = "a[href=\"#none--eim-random\"]";
  private static final String PANEL = "document.getElementById('none--eim-random')";
  private static final String IS_OPEN = PANEL + ".checkVisibility()";

  @TempDir static @Nullable Path folder;
  private static @Nullable Chromium started;
  private static URI page = URI.create("about:blank");

  private final Chromium chromium = browser();

  @BeforeAll
  static void start() throws Exception {
    Path file = (folder == null ? Path.of("") : folder).resolve("matrix.html");
    Files.writeString(file, MatrixPage.render(Samples.matrix(), Samples::run));
    page = file.toUri();
    started = Chromium.start(Chromium.find().orElseThrow());
  }

  @AfterAll
  static void end() throws Exception {
    if (started != null) {
      started.close();
    }
  }

  private static Chromium browser() {
    if (started == null) {
      throw new IllegalStateException("no browser");
    }
    return started;
  }

  @BeforeEach
  void openInItsUsualSize() throws Exception {
    chromium.resize(1400, 1000);
    chromium.prefer("light");
    chromium.open(page);
  }

  private void awaitTrue(String expression) {
    Awaitility.await().until(() -> chromium.is(expression));
  }

  @Test
  void theMap_showsEveryCell_andNoPanel() throws Exception {
    assertThat(chromium.evaluate("document.querySelectorAll('.map td a').length"))
        .isEqualTo(Samples.matrix().cells().size());
    assertThat(
            chromium.is("[...document.querySelectorAll('.panel')].some(p => p.checkVisibility())"))
        .isFalse();
  }

  @Test
  void aClickOnACell_opensItsLadder_andTheCrossClosesIt() throws Exception {
    chromium.click(CELL);
    awaitTrue(IS_OPEN);
    assertThat(chromium.is("location.hash === '#none--eim-random'")).isTrue();
    assertThat(chromium.is(PANEL + ".querySelector('svg').getBoundingClientRect().height > 200"))
        .isTrue();
    assertThat(chromium.is("document.querySelector('.map [aria-current]').hash === location.hash"))
        .isTrue();
    chromium.click(".panel:target .close");
    awaitTrue("!" + IS_OPEN);
  }

  @Test
  void theKeyboard_reachesEverything() throws Exception {
    chromium.evaluate("document.querySelector('a[href=\"#none--none\"]').focus()");
    chromium.press("ArrowDown");
    chromium.press("ArrowRight");
    awaitTrue("document.activeElement.hash === '#port-restricted--port-restricted'");
    chromium.press("ArrowUp");
    chromium.press("ArrowRight");
    chromium.press("ArrowRight");
    awaitTrue("document.activeElement.hash === '#none--eim-random'");
    chromium.press("Enter");
    awaitTrue(IS_OPEN);
    awaitTrue("document.activeElement === " + PANEL);
    chromium.press("Escape");
    awaitTrue("!" + IS_OPEN);
    awaitTrue("document.activeElement.hash === '#none--eim-random'");
  }

  @Test
  void anAddressWithAPair_opensItsPanelAtOnce() throws Exception {
    chromium.open(URI.create(page + "#none--eim-random"));
    awaitTrue(IS_OPEN);
    awaitTrue("document.activeElement === " + PANEL);
  }

  @Test
  void withoutScripts_theLinksStillWork() throws Exception {
    chromium.call("Emulation.setScriptExecutionDisabled", Map.of("value", true));
    try {
      chromium.open(URI.create(page + "#none--eim-random"));
      assertThat(chromium.is(IS_OPEN)).isTrue();
    } finally {
      chromium.call("Emulation.setScriptExecutionDisabled", Map.of("value", false));
    }
  }

  @ParameterizedTest
  @CsvSource({"1400, light", "1400, dark", "360, light", "360, dark"})
  void nothingOverflows_andNoWordsOverlap(int width, String colourScheme) throws Exception {
    chromium.resize(width, 900);
    chromium.prefer(colourScheme);
    assertThat(chromium.is("document.documentElement.scrollWidth <= " + width)).isTrue();
    chromium.click(CELL);
    awaitTrue(IS_OPEN);
    assertThat(chromium.is(PANEL + ".scrollWidth <= " + PANEL + ".clientWidth")).isTrue();
    assertThat(
            chromium.evaluate(
                """
                (() => {
                  const texts = [...%s.querySelectorAll('svg text')];
                  // Where they are seen: a text's own box knows nothing of the group it stands in.
                  const boxes = texts.map(text => text.getBoundingClientRect());
                  const bad = [];
                  boxes.forEach((a, i) => boxes.slice(i + 1).forEach((b, j) => {
                    const across = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
                    const down = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
                    // A box of a font is higher than its letters.
                    if (across > 0 && down > 3) {
                      bad.push(texts[i].textContent + ' | ' + texts[i + 1 + j].textContent);
                    }
                  }));
                  return bad;
                })()
                """
                    .formatted(PANEL)))
        .isEqualTo(List.of());
  }

  @Test
  void onANarrowScreen_theRowsKeepTheirNames() throws Exception {
    chromium.resize(360, 800);
    chromium.evaluate("document.querySelector('.scroll').scrollLeft = 150");
    awaitTrue("document.querySelector('.scroll').scrollLeft > 100");
    assertThat(
            chromium.is(
                """
                [...document.querySelectorAll('.map tbody th')]
                  .every(th => Math.abs(th.getBoundingClientRect().left - 16) < 4)
                """))
        .isTrue();
  }

  @Test
  void theBrowser_hasNoComplaint_andAsksNobodyForAnything() throws Exception {
    chromium.click(CELL);
    awaitTrue(IS_OPEN);
    assertThat(chromium.events("Log.entryAdded")).isEmpty();
    assertThat(chromium.events("Runtime.exceptionThrown")).isEmpty();
    assertThat(chromium.events("Network.requestWillBeSent"))
        .allMatch(event -> event.toString().matches(".*\\burl=(file:|about:blank).*"));
  }
}

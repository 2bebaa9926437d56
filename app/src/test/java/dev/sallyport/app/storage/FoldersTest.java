package dev.sallyport.app.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FoldersTest {
  @Test
  void withoutXdg_everythingIsUnderHome() throws Exception {
    Folders folders = new Folders(Map.of("HOME", "/home/ada"));

    assertThat(folders.identity()).isEqualTo(Path.of("/home/ada/.config/sallyport/identity.pem"));
    assertThat(folders.cache()).isEqualTo(Path.of("/home/ada/.cache/sallyport"));
  }

  @Test
  void xdg_comesFirst() throws Exception {
    Folders folders =
        new Folders(Map.of("HOME", "/home/ada", "XDG_CONFIG_HOME", "/c", "XDG_CACHE_HOME", "/k"));

    assertThat(folders.identity()).isEqualTo(Path.of("/c/sallyport/identity.pem"));
    assertThat(folders.cache()).isEqualTo(Path.of("/k/sallyport"));
  }

  @Test
  void relativeXdg_isIgnored() throws Exception {
    Folders folders = new Folders(Map.of("HOME", "/home/ada", "XDG_CONFIG_HOME", "here"));

    assertThat(folders.identity()).isEqualTo(Path.of("/home/ada/.config/sallyport/identity.pem"));
  }
}

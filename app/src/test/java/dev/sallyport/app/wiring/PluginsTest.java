package dev.sallyport.app.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.inject.multibindings.MapBinder;
import dev.sallyport.app.wiring.RendezvousFactory.Opened;
import dev.sallyport.domain.rendezvous.MemRendezvous;
import jakarta.inject.Inject;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PluginsTest {
  private static final NetworkOptions OPTIONS =
      new NetworkOptions(List.of("good:"), List.of(), List.of(), false, Path.of("/cache"));
  private static final RendezvousFactory OWN = rest -> opened();

  @TempDir Path folder;

  @Test
  void noPlugin_nothingIsAdded() throws Exception {
    assertThat(addedBy()).containsOnlyKeys("dht");
  }

  @Test
  void goodPlugin_addsItsSchemes_andMayHaveTheOptions() throws Exception {
    Map<String, RendezvousFactory> all = addedBy(Good.class, WithOptions.class);

    assertThat(all).containsOnlyKeys("dht", "good", "better", "cached").containsEntry("dht", OWN);
    assertThat(factory(all, "good").open("").witnesses()).isEmpty();
    assertThatThrownBy(() -> factory(all, "cached").open("x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("not in /cache");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Twice|PluginsTest$Twice in |offers the scheme dht:, which Sallyport itself offers already",
        "Odd|PluginsTest$Odd in |offers \"no scheme\", which is no scheme of a URI",
        "Failing|PluginsTest$Failing in |cannot be used: java.lang.IllegalStateException: no luck",
        "Unlinked|PluginsTest$Unlinked in |cannot be used: java.lang.NoSuchMethodError: gone",
        "Unbound|PluginsTest$Unbound in |cannot be used: ",
        "Unborn|services/|PluginsTest$Unborn could not be instantiated: java.lang.IllegalState",
        "NoModule|services/|PluginsTest$NoModule not a subtype",
        "Missing|services/|PluginsTest$Missing not found"
      })
  void brokenPlugin_isNamedInOneSentence(String plugin, String where, String why) throws Exception {
    declare(PluginsTest.class.getName() + "$" + plugin);

    assertThatThrownBy(this::load)
        .isInstanceOf(PluginException.class)
        .hasMessageContaining(where.replace("services/", folder.toString()))
        .hasMessageContaining(why)
        .message()
        .hasLineCount(1);
  }

  @Test
  void twoPluginsWithOneScheme_areBothNamed() throws Exception {
    declare(Good.class.getName(), Other.class.getName());

    assertThatThrownBy(this::load)
        .isInstanceOf(PluginException.class)
        .hasMessageContaining(Good.class.getName())
        .hasMessageContaining(Other.class.getName())
        .hasMessageContaining("offers the scheme good:, which the plugin");
  }

  @ParameterizedTest
  @CsvSource({"fails", "links", "nothing"})
  void pluginThatCannotOpen_isNamed(String how) throws Exception {
    RendezvousFactory factory = factory(addedBy(Opening.class), "opening");

    assertThatThrownBy(() -> factory.open(how))
        .isInstanceOf(PluginException.class)
        .hasMessageContaining(Opening.class.getName())
        .hasMessageContaining("\"opening:" + how + "\"");
  }

  private static RendezvousFactory factory(Map<String, RendezvousFactory> all, String scheme) {
    return Objects.requireNonNull(all.get(scheme));
  }

  private Map<String, RendezvousFactory> addedBy(Class<?>... modules) throws Exception {
    declare(List.of(modules).stream().map(Class::getName).toArray(String[]::new));
    return load();
  }

  private void declare(String... classes) throws Exception {
    Path file = folder.resolve("META-INF/services/" + RendezvousModule.class.getName());
    Files.createDirectories(file.getParent());
    Files.write(file, List.of(classes));
  }

  private Map<String, RendezvousFactory> load() throws Exception {
    URL[] urls = {folder.toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(urls, PluginsTest.class.getClassLoader())) {
      return Plugins.addedTo(Map.of("dht", OWN), loader, OPTIONS);
    }
  }

  private static Opened opened() {
    return new Opened(new MemRendezvous(new MemRendezvous.Network(() -> Instant.EPOCH)), List.of());
  }

  /** As it should be. */
  public static final class Good extends RendezvousModule {
    @Override
    protected void configure() {
      offer("good", rest -> opened());
      offer("better", rest -> opened());
    }
  }

  /** Wants a scheme that another plugin has. */
  public static final class Other extends RendezvousModule {
    @Override
    protected void configure() {
      offer("good", rest -> opened());
    }
  }

  /** Says where it keeps things. */
  public static final class WithOptions extends RendezvousModule {
    @Override
    protected void configure() {
      MapBinder.newMapBinder(binder(), String.class, RendezvousFactory.class)
          .addBinding("cached")
          .to(Cached.class);
    }
  }

  /** Made by Guice. */
  public static final class Cached implements RendezvousFactory {
    private final NetworkOptions options;

    @Inject
    Cached(NetworkOptions options) {
      this.options = options;
    }

    @Override
    public Opened open(String rest) {
      throw new IllegalArgumentException("not in " + options.cacheDir());
    }
  }

  /** Wants what is ours. */
  public static final class Twice extends RendezvousModule {
    @Override
    protected void configure() {
      offer("dht", rest -> opened());
    }
  }

  /** Offers what nobody can type. */
  public static final class Odd extends RendezvousModule {
    @Override
    protected void configure() {
      offer("no scheme", rest -> opened());
    }
  }

  /** Fails when it is asked. */
  public static final class Failing extends RendezvousModule {
    @Override
    protected void configure() {
      throw new IllegalStateException("no luck\nat all");
    }
  }

  /** Was built for another version. */
  public static final class Unlinked extends RendezvousModule {
    @Override
    protected void configure() {
      throw new NoSuchMethodError("gone");
    }
  }

  /** Needs what nobody binds. */
  public static final class Unbound extends RendezvousModule {
    @Override
    protected void configure() {
      bind(RendezvousFactory.class);
    }
  }

  /** Fails when it is made. */
  public static final class Unborn extends RendezvousModule {
    public Unborn() {
      throw new IllegalStateException("not today");
    }
  }

  /** Is no module at all. */
  public static final class NoModule {}

  /** Cannot open anything, in three ways. */
  public static final class Opening extends RendezvousModule {
    @Override
    protected void configure() {
      offer("opening", Opening::open);
    }

    @NullUnmarked
    private static Opened open(String rest) {
      return switch (rest) {
        case "fails" -> throw new IllegalStateException("no luck");
        case "links" -> throw new NoClassDefFoundError("gone/Away");
        default -> null;
      };
    }
  }
}

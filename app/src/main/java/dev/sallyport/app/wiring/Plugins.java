package dev.sallyport.app.wiring;

import com.google.inject.CreationException;
import com.google.inject.Guice;
import com.google.inject.Key;
import com.google.inject.TypeLiteral;
import com.google.inject.multibindings.MapBinder;
import com.google.inject.spi.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** The rendezvous that third parties bring; whatever is wrong with one is said of it by name. */
final class Plugins {
  private static final Key<Map<String, RendezvousFactory>> FACTORIES =
      Key.get(new TypeLiteral<Map<String, RendezvousFactory>>() {});

  private Plugins() {}

  /**
   * Our own schemes, and those of every plugin that the loader sees.
   *
   * @throws PluginException if one of them is broken, or offers a scheme that is there already
   */
  static Map<String, RendezvousFactory> addedTo(
      Map<String, RendezvousFactory> own, ClassLoader loader, NetworkOptions options) {
    Map<String, RendezvousFactory> all = new HashMap<>(own);
    Map<String, String> offeredBy = new HashMap<>();
    for (RendezvousModule module : find(loader)) {
      String name = nameOf(module);
      factories(module, name, options)
          .forEach(
              (scheme, factory) -> {
                if (!scheme.matches("[a-z][a-z0-9+.-]*")) {
                  throw new PluginException(
                      name + " offers \"" + scheme + "\", which is no scheme of a URI");
                }
                if (all.putIfAbsent(scheme, guarded(factory, name, scheme)) != null) {
                  throw new PluginException(
                      name
                          + " offers the scheme "
                          + scheme
                          + ":, which "
                          + offeredBy.getOrDefault(scheme, "Sallyport itself")
                          + " offers already");
                }
                offeredBy.put(scheme, name);
              });
    }
    return all;
  }

  private static List<RendezvousModule> find(ClassLoader loader) {
    List<RendezvousModule> modules = new ArrayList<>();
    try {
      ServiceLoader.load(RendezvousModule.class, loader).forEach(modules::add);
    } catch (ServiceConfigurationError | LinkageError e) {
      String what = String.valueOf(e.getMessage());
      String prefix = RendezvousModule.class.getName() + ": ";
      String why = e.getCause() == null ? "" : ": " + e.getCause();
      throw new PluginException(
          "a plugin cannot be loaded, from "
              + String.join(" or ", declaring(loader))
              + ": "
              + (what.startsWith(prefix) ? what.substring(prefix.length()) : what)
              + why,
          e);
    }
    return modules;
  }

  private static Map<String, RendezvousFactory> factories(
      RendezvousModule module, String name, NetworkOptions options) {
    try {
      return Guice.createInjector(
              module,
              binder -> {
                binder.bind(NetworkOptions.class).toInstance(options);
                MapBinder.newMapBinder(binder, String.class, RendezvousFactory.class);
              })
          .getInstance(FACTORIES);
    } catch (CreationException e) {
      Message first = e.getErrorMessages().iterator().next();
      Throwable cause = first.getCause();
      throw unusable(name, cause == null ? first.getMessage() : cause.toString(), e);
    } catch (RuntimeException | LinkageError e) {
      throw unusable(name, e.toString(), e);
    }
  }

  /** Lets through what a factory may throw; anything else is said of the plugin. */
  private static RendezvousFactory guarded(RendezvousFactory factory, String name, String scheme) {
    return rest -> {
      RendezvousFactory.@Nullable Opened opened;
      try {
        opened = factory.open(rest);
      } catch (IllegalArgumentException | UncheckedIOException e) {
        throw e;
      } catch (RuntimeException | LinkageError e) {
        throw unusable(name, "it cannot open \"" + scheme + ":" + rest + "\": " + e, e);
      }
      if (opened == null) {
        throw new PluginException(name + " opens nothing for \"" + scheme + ":" + rest + "\"");
      }
      return opened;
    };
  }

  private static PluginException unusable(String name, String why, Throwable cause) {
    String sentence = why.lines().findFirst().orElse("");
    return new PluginException(name + " cannot be used: " + sentence, cause);
  }

  private static String nameOf(RendezvousModule module) {
    CodeSource source = module.getClass().getProtectionDomain().getCodeSource();
    String from = source == null ? "" : " in " + source.getLocation().getPath();
    return "the plugin " + module.getClass().getName() + from;
  }

  /** The jars that say they have one. */
  private static List<String> declaring(ClassLoader loader) {
    String file = "META-INF/services/" + RendezvousModule.class.getName();
    try {
      return Collections.list(loader.getResources(file)).stream()
          .map(URL::getPath)
          .map(path -> path.replaceFirst("^file:", "").replaceFirst("!?/" + file + "$", ""))
          .toList();
    } catch (IOException e) {
      return List.of("a jar that cannot be read");
    }
  }
}

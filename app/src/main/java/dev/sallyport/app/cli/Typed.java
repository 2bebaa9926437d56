package dev.sallyport.app.cli;

import dev.sallyport.app.storage.Folders;
import dev.sallyport.app.storage.StorageException;
import dev.sallyport.app.wiring.NetworkOptions;
import dev.sallyport.domain.address.HostPort;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ParseResult;

/** What was typed after a command, as text; {@link Arguments} says what it means. */
final class Typed {
  /** Public servers that answer over TCP and UDP; nothing but our own address passes them. */
  private static final List<HostPort> PUBLIC_STUN =
      List.of(
          new HostPort("stun.cloudflare.com", 3478),
          new HostPort("stun.nextcloud.com", 443),
          new HostPort("stunserver2025.stunprotocol.org", 3478));

  private final ParseResult parsed;

  Typed(ParseResult parsed) {
    this.parsed = parsed;
  }

  boolean has(Flag flag) {
    return parsed.hasMatchedOption(flag.option());
  }

  @Nullable String text(Flag flag) {
    return parsed.matchedOptionValue(flag.option(), (@Nullable String) null);
  }

  String text(Flag flag, String otherwise) {
    String text = text(flag);
    return text == null ? otherwise : text;
  }

  List<String> texts(Flag flag) {
    return parsed.matchedOptionValue(flag.option(), List.of());
  }

  /** The one argument that is no option. */
  String argument() {
    return parsed.matchedPositionalValue(0, "");
  }

  List<HostPort> bootstrap() throws ProblemException {
    return Arguments.places(Flag.BOOTSTRAP.option(), texts(Flag.BOOTSTRAP));
  }

  /**
   * Where to look for others.
   *
   * @param keepsMappings whether we want to be reachable for long
   */
  NetworkOptions network(Folders folders, boolean keepsMappings) throws ProblemException {
    if (has(Flag.STUN) && has(Flag.NO_STUN)) {
      throw ProblemException.usage(
          "--stun and --no-stun contradict each other; expected one of them, for example --no-stun");
    }
    List<HostPort> stun = Arguments.places(Flag.STUN.option(), texts(Flag.STUN));
    if (!has(Flag.STUN) && !has(Flag.NO_STUN)) {
      stun = PUBLIC_STUN;
    }
    List<String> rendezvous =
        has(Flag.RENDEZVOUS)
            ? Arguments.rendezvous(texts(Flag.RENDEZVOUS))
            : NetworkOptions.DEFAULT_RENDEZVOUS;
    List<HostPort> bootstrap = bootstrap();
    try {
      return new NetworkOptions(rendezvous, bootstrap, stun, keepsMappings, folders.cache());
    } catch (IllegalArgumentException e) {
      throw ProblemException.usage("--rendezvous: " + e.getMessage());
    } catch (StorageException e) {
      throw ProblemException.local(e.getMessage());
    }
  }
}

package dev.sallyport.harness.natbox;

import dev.sallyport.domain.address.Endpoint;
import org.jspecify.annotations.Nullable;

/** Who may use a mapping from outside (RFC 4787 section 5, RFC 5382 section 4.3). */
final class Filter {
  private final NatBehavior behavior;

  Filter(NatBehavior behavior) {
    this.behavior = behavior;
  }

  /**
   * Whether a remote that has no connection may begin one, and why.
   *
   * @param remembered the connection it had, if the box still knows it
   */
  Verdict judge(boolean tcp, Mapping mapping, Endpoint remote, @Nullable Session remembered) {
    if (mapping.forwarded) {
      return Verdict.FORWARDED;
    }
    return switch (behavior.filtering(tcp)) {
      case ENDPOINT_INDEPENDENT -> Verdict.ADMITTED_ANYONE;
      case ADDRESS_DEPENDENT ->
          mapping.knows(remote.address()) ? Verdict.ADMITTED : Verdict.FILTERED;
      case ADDRESS_AND_PORT_DEPENDENT -> remembered != null ? Verdict.ADMITTED : Verdict.FILTERED;
    };
  }
}

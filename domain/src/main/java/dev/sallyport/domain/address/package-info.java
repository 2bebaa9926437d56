/**
 * Where a computer can be reached: endpoints, their scope, and candidates (RFC 8445 section 5.1).
 * Only address literals live here; a name that needs looking up is a {@link
 * dev.sallyport.domain.address.HostPort}, and resolving it is an adapter's work.
 */
@NullMarked
package dev.sallyport.domain.address;

import org.jspecify.annotations.NullMarked;

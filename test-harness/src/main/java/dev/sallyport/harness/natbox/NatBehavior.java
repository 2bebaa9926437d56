package dev.sallyport.harness.natbox;

import dev.sallyport.domain.nat.Behavior;

/**
 * How a NAT behaves: every axis in which routers differ. Immutable.
 *
 * @param mapping what an outer port depends on (RFC 4787 section 4.1, RFC 5382 section 4.1)
 * @param filtering who may use it from outside (RFC 4787 section 5, RFC 5382 section 4.3)
 */
public record NatBehavior(Behavior mapping, Behavior filtering) {}

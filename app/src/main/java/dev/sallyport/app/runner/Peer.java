package dev.sallyport.app.runner;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.session.Link;

/** A caller whose link to our service is up. */
public record Peer(PublicKey32 key, Endpoint remote, Link link) {}

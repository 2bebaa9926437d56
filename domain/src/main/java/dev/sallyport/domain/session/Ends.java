package dev.sallyport.domain.session;

import dev.sallyport.domain.address.Endpoint;

/** The two ends of a connection, as this host sees them. */
record Ends(Endpoint local, Endpoint remote) {}

/**
 * TCP hole punching (RFC 9293 section 3.5, simultaneous open; RFC 5382 REQ-2): the machine that
 * decides which SYN leaves when, and the port that carries its effects out, {@link
 * dev.sallyport.domain.punch.PunchTransport}.
 */
@NullMarked
package dev.sallyport.domain.punch;

import org.jspecify.annotations.NullMarked;

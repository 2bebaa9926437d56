/**
 * The TCP of a modelled host, as true to Linux 6.x as the set-up of connections needs (RFC 9293,
 * RFC 5961, RFC 6298): simultaneous open, half-open children of listeners, resets, ICMP errors,
 * retransmission, TIME_WAIT. Data is whole messages, one segment each.
 *
 * <p>Not modelled: congestion control, fast retransmit and SACK (a lost segment waits for its
 * timer), delayed acknowledgments, the timestamp option, Fast Open, SYN cookies and full accept
 * queues.
 *
 * <p>One thread: that of the scheduler. The same generator state and the same packets in make the
 * same packets out.
 */
@NullMarked
package dev.sallyport.harness.tcp;

import org.jspecify.annotations.NullMarked;

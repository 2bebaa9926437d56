/**
 * The mainline DHT as a {@link dev.sallyport.domain.rendezvous.Rendezvous}: BEP 44 mutable items
 * over mldht's RPC layer.
 *
 * <p>Of mldht only the RPC layer runs: sockets, messages, transactions. Its routing table, lookup
 * tasks and maintenance stay off, because they refuse private addresses, start slowly, and ask
 * public routers for their names whatever the configuration says. The node table ({@link
 * dev.sallyport.dht.NodeTable}), the lookup ({@link dev.sallyport.dht.Lookup}) and the answers to
 * others ({@link dev.sallyport.dht.QueryAnswers}) are our own.
 *
 * <p>What is stored under a slot's key, target = SHA-1 of the 32-byte Ed25519 key, no salt:
 *
 * <ul>
 *   <li>a record: <code>v</code> is a byte string, the sealed item; <code>seq</code> is the
 *       sequence it was published with;
 *   <li>a mailbox: <code>v</code> is a list of entries, each a list of a byte string, the sealed
 *       knock, and an integer, its coarse expiry in Unix seconds: <code>
 *       ll5:knocki1790000040eee</code>. The nodes closest to the target may hold different ones;
 *       what the mailbox holds is their union.
 * </ul>
 *
 * <p>Threading: three kinds of daemon threads serve all nodes of one command. mldht's threads
 * decode packets and answer others; one <em>loop</em> thread runs lookups, writes and watches, and
 * owns their state without locks; one <em>sink</em> thread calls the caller's sinks and completes
 * its stages.
 *
 * @see <a href="https://www.bittorrent.org/beps/bep_0005.html">BEP 5</a>, <a
 *     href="https://www.bittorrent.org/beps/bep_0042.html">BEP 42</a>, <a
 *     href="https://www.bittorrent.org/beps/bep_0043.html">BEP 43</a>, <a
 *     href="https://www.bittorrent.org/beps/bep_0044.html">BEP 44</a>
 */
@NullMarked
package dev.sallyport.dht;

import org.jspecify.annotations.NullMarked;

/**
 * The network as Sallyport uses it: TCP hole punching on one selector thread ({@link
 * dev.sallyport.net.NioPunchTransport}), the addresses of this host ({@link
 * dev.sallyport.net.InterfaceAddresses}), what others see of them by STUN, RFC 8489 ({@link
 * dev.sallyport.net.StunReflector}) and what we tell others of theirs ({@link
 * dev.sallyport.net.StunResponder}), TLS 1.3 with pinned keys, RFC 8446 ({@link
 * dev.sallyport.net.TlsUpgrade}), and name look-ups that cannot hang us ({@link
 * dev.sallyport.net.NameLookup}).
 */
@NullMarked
package dev.sallyport.net;

import org.jspecify.annotations.NullMarked;

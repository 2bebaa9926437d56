/**
 * How two peers that know one id find each other: the sealed record a service publishes, the knock
 * a caller leaves, the reply; and the port that carries them without seeing inside, {@link
 * dev.sallyport.domain.rendezvous.Rendezvous}.
 */
@NullMarked
package dev.sallyport.domain.rendezvous;

import org.jspecify.annotations.NullMarked;

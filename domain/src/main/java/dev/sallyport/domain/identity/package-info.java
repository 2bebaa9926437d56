/**
 * Who is who: identities, service ids, and every key derived from them; the constructions that sign
 * and seal, behind the port {@link dev.sallyport.domain.identity.Sealer}.
 */
@NullMarked
package dev.sallyport.domain.identity;

import org.jspecify.annotations.NullMarked;

/**
 * The fallback ladder, external, local, direct: which endpoints to dial from which port, and when,
 * as a pure function of what both peers know of themselves.
 */
@NullMarked
package dev.sallyport.domain.ladder;

import org.jspecify.annotations.NullMarked;

/**
 * What a NAT means for its user: from a {@link dev.sallyport.domain.nat.NatDiagnosis} to plain
 * words, and to what will get through to whom. Pure, but for the table of {@linkplain
 * dev.sallyport.app.natreport.Rates rates} that is read once.
 */
@NullMarked
package dev.sallyport.app.natreport;

import org.jspecify.annotations.NullMarked;

/**
 * The report of one call for people: what its sockets did is {@linkplain
 * dev.sallyport.app.callreport.CallTrace kept} while it is made, within bounds, and becomes a page
 * that stands alone, with a drawn packet ladder.
 */
@NullMarked
package dev.sallyport.app.callreport;

import org.jspecify.annotations.NullMarked;

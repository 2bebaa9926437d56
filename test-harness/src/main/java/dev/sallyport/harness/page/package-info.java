/**
 * The matrix as a page for people: one file of HTML that needs nothing else, with a heat map and a
 * drawn run behind each of its cells. It works without its script, which adds the keyboard: a cell
 * is a link to its panel, and a panel is shown while it is the address's target.
 */
@NullMarked
package dev.sallyport.harness.page;

import org.jspecify.annotations.NullMarked;

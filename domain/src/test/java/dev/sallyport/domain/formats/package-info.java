/** What the tests of the formats share, and the tests that go across all of them. */
@NullMarked
package dev.sallyport.domain.formats;

import org.jspecify.annotations.NullMarked;

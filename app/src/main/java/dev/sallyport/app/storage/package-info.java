/** What is kept on this computer between runs: the identity, the caches, and who serves what. */
@NullMarked
package dev.sallyport.app.storage;

import org.jspecify.annotations.NullMarked;

/**
 * Where log lines go and how they look. They are for those who look for a fault; what a user is
 * told is told by the command line, on standard output.
 */
@NullMarked
package dev.sallyport.app.log;

import org.jspecify.annotations.NullMarked;

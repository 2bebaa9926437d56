/**
 * The command line: what a user types becomes calls of {@link dev.sallyport.app.Sallyport}; what
 * happens becomes {@link dev.sallyport.app.cli.Event}s, told in words by {@link
 * dev.sallyport.app.cli.Story} or as JSON by {@link dev.sallyport.app.cli.JsonEvents}.
 *
 * <p>Results go to standard output: messages, the line to paste, what a command was asked for. The
 * story of how it came about goes to standard error. With {@code --json} every event is a line on
 * standard output.
 */
@NullMarked
package dev.sallyport.app.cli;

import org.jspecify.annotations.NullMarked;

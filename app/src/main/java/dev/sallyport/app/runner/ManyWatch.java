package dev.sallyport.app.runner;

import dev.sallyport.domain.rendezvous.Rendezvous.Pace;
import dev.sallyport.domain.rendezvous.Rendezvous.Watch;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The watches of all members as one; what one of them throws harms none of the others. */
final class ManyWatch implements Watch {
  private static final Logger log = LoggerFactory.getLogger(ManyWatch.class);

  private final List<Watch> parts;
  private final OnceEach items;
  private final Consumer<ManyWatch> whenClosed;

  ManyWatch(List<Watch> parts, OnceEach items, Consumer<ManyWatch> whenClosed) {
    this.parts = List.copyOf(parts);
    this.items = items;
    this.whenClosed = whenClosed;
  }

  @Override
  public void pace(Pace pace) {
    forEach(part -> part.pace(pace));
  }

  @Override
  public void close() {
    items.close();
    forEach(Watch::close);
    whenClosed.accept(this);
  }

  private void forEach(Consumer<Watch> action) {
    for (Watch part : parts) {
      try {
        action.accept(part);
      } catch (RuntimeException | LinkageError e) {
        log.debug("one of several watches failed", e);
      }
    }
  }
}

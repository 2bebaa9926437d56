package dev.sallyport.app.cli;

import dev.sallyport.domain.session.Progress;

/** Whoever tells the user what happens. Safe from any thread. */
interface Reporter {
  void tell(Event event);

  /** What a machine reports. */
  default void progress(Progress progress) {
    tell(new Event.Happened(progress));
  }
}

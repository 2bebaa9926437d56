package dev.sallyport.harness.sim;

import dev.sallyport.domain.session.Progress;
import dev.sallyport.harness.model.NetObserver;
import dev.sallyport.harness.model.Spot;
import dev.sallyport.harness.natbox.Verdict;
import dev.sallyport.harness.packet.Packet;

/** Sees every packet of a trial, and what its two machines tell their users. */
public interface TrialObserver extends NetObserver {
  /** Sees nothing. */
  TrialObserver NONE =
      new TrialObserver() {
        @Override
        public void sent(Spot from, Spot to, Packet packet, long leaves, long arrives) {}

        @Override
        public void lost(Spot from, Spot to, Packet packet, long leaves) {}

        @Override
        public void judged(Spot at, Verdict verdict, Packet packet, long now) {}

        @Override
        public void progress(Spot at, Progress progress, long now) {}

        @Override
        public void moment(Spot at, String what, long now) {}
      };

  /** A machine tells its user something. Times in nanoseconds since the start of the trial. */
  void progress(Spot at, Progress progress, long now);

  /** Something begins or ends. */
  void moment(Spot at, String what, long now);
}

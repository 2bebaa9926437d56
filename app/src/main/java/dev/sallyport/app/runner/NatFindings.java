package dev.sallyport.app.runner;

import dev.sallyport.app.runner.NatRunner.News;
import dev.sallyport.domain.nat.Evidence;
import dev.sallyport.domain.nat.NatClassifier;
import dev.sallyport.domain.nat.NatDiagnosis;
import dev.sallyport.domain.nat.SourceReport;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What has been found out so far, and who is told of it, one piece at a time. Thread-safe. */
final class NatFindings {
  private static final Logger log = LoggerFactory.getLogger(NatFindings.class);

  /** More than all sources together have to say; a liar may say more. */
  private static final int MAX_EVIDENCE = 1024;

  private final List<InetAddress> hostAddresses;
  private final Consumer<News> news;
  private final List<Evidence> evidence = new ArrayList<>();
  private final List<SourceReport> reports = new ArrayList<>();
  private boolean closed;

  NatFindings(List<InetAddress> hostAddresses, Consumer<News> news) {
    this.hostAddresses = hostAddresses;
    this.news = news;
    tell(new News.HostAddresses(hostAddresses));
  }

  synchronized void learnt(Evidence piece) {
    if (!closed && evidence.size() < MAX_EVIDENCE) {
      evidence.add(piece);
      tell(new News.Learnt(piece, diagnosis()));
    }
  }

  synchronized void answered(SourceReport report) {
    if (!closed) {
      reports.add(report);
      tell(new News.Answered(report));
    }
  }

  synchronized NatDiagnosis diagnosis() {
    return NatClassifier.diagnose(evidence, hostAddresses);
  }

  synchronized List<Evidence> evidence() {
    return List.copyOf(evidence);
  }

  synchronized List<SourceReport> reports() {
    return List.copyOf(reports);
  }

  /** Nothing is news from now on. */
  synchronized void close() {
    closed = true;
  }

  private void tell(News what) {
    try {
      news.accept(what);
    } catch (RuntimeException e) {
      log.error("news about our NATs were not handled", e);
    }
  }
}

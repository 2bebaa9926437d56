package dev.sallyport.harness.architecture.offenders.ws;

import com.google.inject.Injector;
import lbms.plugins.mldht.kad.Key;
import org.awaitility.Awaitility;

public final class UsesForeignLibraries {
  private UsesForeignLibraries() {}

  public static void ofAnotherRoom(Key key) {}

  public static void ofTheApp(Injector injector) {}

  public static void ofNobody() {
    Awaitility.reset();
  }
}

package dev.sallyport.app.cli;

/** Which Sallyport this is. */
final class Version {
  private Version() {}

  static String line() {
    String version = Version.class.getPackage().getImplementationVersion();
    return "sallyport "
        + (version == null ? "(built from sources)" : version)
        + ", Java "
        + System.getProperty("java.version");
  }
}

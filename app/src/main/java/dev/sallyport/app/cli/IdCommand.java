package dev.sallyport.app.cli;

import dev.sallyport.app.storage.IdentityStore;
import dev.sallyport.domain.identity.ServiceId;
import dev.sallyport.domain.identity.ServiceName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code sallyport id}. */
final class IdCommand implements Command {

  @Override
  public String name() {
    return "id";
  }

  @Override
  public List<String> purpose() {
    return List.of(
        "Shows the id of a service of this identity: whoever has it can find and call the service.",
        "Shows the identity's public key too, by which services know you, and where it is kept.",
        "The identity is made if there is none yet. Nothing is sent.");
  }

  @Override
  public @Nullable String argument() {
    return null;
  }

  @Override
  public List<Flag> flags() {
    return List.of(Flag.NAME, Flag.IDENTITY, Flag.JSON);
  }

  @Override
  public List<String> examples() {
    return List.of(
        "sallyport id", "sallyport id --name backup", "sallyport id --identity me.pem --json");
  }

  @Override
  public List<ExitCode> exits() {
    return List.of(ExitCode.OK, ExitCode.USAGE, ExitCode.LOCAL_PROBLEM);
  }

  @Override
  public ExitCode run(Invocation run) throws ProblemException {
    ServiceName name = Arguments.name(run.typed().text(Flag.NAME, ServiceName.DEFAULT.value()));
    IdentityStore.Stored stored = run.identity();
    ServiceId id = ServiceId.of(name, stored.identity().key());
    Console console = run.console();
    if (run.asJson()) {
      console.result(
          run.json()
              .event("id")
              .put("id", id.toString())
              .put("name", name.value())
              .put("key", stored.identity().key().toString())
              .put("file", stored.file().toString())
              .put("created", stored.created())
              .toString());
    } else {
      console.result("service id   " + id + "   (the service \"" + name + "\")");
      console.result("public key   " + stored.identity().key());
      console.result(
          "kept in      " + stored.file() + (stored.created() ? "   (made just now)" : ""));
    }
    return ExitCode.OK;
  }
}

package dev.sallyport.app.cli;

import dev.sallyport.app.RunningService;
import dev.sallyport.app.Sallyport;
import dev.sallyport.app.ServeOptions;
import dev.sallyport.app.storage.AllowFile;
import dev.sallyport.app.storage.ServiceLock;
import dev.sallyport.app.storage.StorageException;
import dev.sallyport.app.wiring.NetworkOptions;
import dev.sallyport.domain.identity.AllowList;
import dev.sallyport.domain.identity.ServiceId;
import dev.sallyport.domain.identity.ServiceName;
import dev.sallyport.domain.punch.PunchTransport.PortUnavailableException;
import dev.sallyport.domain.session.Failure;
import dev.sallyport.domain.session.Progress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** {@code sallyport serve}. */
final class ServeCommand implements Command {
  private static final Duration GOODBYES = Duration.ofSeconds(1);

  @Override
  public String name() {
    return "serve";
  }

  @Override
  public List<String> purpose() {
    return List.of(
        "Offers a service: registers it in the DHT, prints the line that calls it from elsewhere,",
        "and answers callers until Ctrl+C, which says goodbye to them and ends with exit code 0.",
        "What callers send is printed; what you type goes to all of them.");
  }

  @Override
  public @Nullable String argument() {
    return null;
  }

  @Override
  public List<Flag> flags() {
    return List.of(
        Flag.NAME,
        Flag.PORT,
        Flag.ECHO,
        Flag.BOOTSTRAP,
        Flag.STUN,
        Flag.NO_STUN,
        Flag.RENDEZVOUS,
        Flag.ADVERTISE,
        Flag.ALLOW,
        Flag.IDENTITY,
        Flag.UNTIL_EOF,
        Flag.JSON);
  }

  @Override
  public List<String> examples() {
    return List.of(
        "sallyport serve --echo",
        "sallyport serve --name backup --port 9000",
        "sallyport serve --allow callers.txt",
        "sallyport serve --port 8765 --advertise 203.0.113.7:8765",
        "sallyport serve --bootstrap 192.0.2.1:6881 --no-stun --json");
  }

  @Override
  public List<ExitCode> exits() {
    return List.of(
        ExitCode.OK, ExitCode.USAGE, ExitCode.RENDEZVOUS_UNREACHABLE, ExitCode.LOCAL_PROBLEM);
  }

  @Override
  public ExitCode run(Invocation run) throws ProblemException, InterruptedException {
    Typed typed = run.typed();
    ServiceName name = Arguments.name(typed.text(Flag.NAME, ServiceName.DEFAULT.value()));
    String port = typed.text(Flag.PORT);
    int wanted =
        port == null ? 0 : Arguments.port(port, ", or none at all for 8765 or any free one");
    NetworkOptions network = typed.network(run.folders(), true);
    var advertised = Arguments.advertised(typed.texts(Flag.ADVERTISE));
    var identity = run.identity().identity();
    AllowFile allowFile = allowFile(typed);
    AllowList allowed = allowFile == null ? AllowList.EVERYBODY : allowFile.list();
    ServeOptions options =
        new ServeOptions(name, identity, wanted, advertised, allowed, typed.has(Flag.ECHO));
    ServiceLock lock = lock(run, ServiceId.of(name, identity.key()));
    try (allowFile;
        Sallyport sallyport = Networks.open(network)) {
      return serve(run, network, sallyport, options, allowFile);
    } finally {
      if (lock != null) {
        lock.close();
      }
    }
  }

  private static ExitCode serve(
      Invocation run,
      NetworkOptions network,
      Sallyport sallyport,
      ServeOptions options,
      @Nullable AllowFile allowFile)
      throws ProblemException, InterruptedException {
    Reporter reporter = run.reporter();
    Callers callers = new Callers(reporter, options.echo());
    AtomicReference<RunningService> running = new AtomicReference<>();
    Consumer<Progress> progress =
        what -> {
          RunningService service = running.get();
          if (what instanceof Progress.Registered registered && service != null) {
            reporter.tell(
                new Event.Registered(
                    registered.id(),
                    service.port(),
                    registered.accepted(),
                    registered.asked(),
                    Paste.line(run.sallyport(), registered.id(), network)));
          } else {
            reporter.progress(what);
          }
        };
    try (RunningService service = sallyport.serve(options, progress, callers)) {
      running.set(service);
      Runnable stop = () -> stop(service, callers);
      run.interrupts().onInterrupt(stop);
      new Keyboard(run.console())
          .start(callers::say, run.typed().has(Flag.UNTIL_EOF) ? stop : () -> {});
      reporter.tell(new Event.Starting(network.rendezvous(), network.bootstrap()));
      if (allowFile != null) {
        reporter.tell(new Event.Remark(guests(options.allowed())));
        allowFile.watch(new Guests(service, reporter));
      }
      Failure failure = service.run();
      if (failure != null) {
        throw new ProblemException(FailureWords.problem(failure, Instant.now()));
      }
      reporter.tell(new Event.Stopped("the service has ended"));
      return ExitCode.OK;
    } catch (PortUnavailableException e) {
      throw ProblemException.local(
          String.valueOf(e.getMessage()),
          "leave --port out for any free one, or see who has it: ss -ltnp");
    }
  }

  private static @Nullable AllowFile allowFile(Typed typed) throws ProblemException {
    String file = typed.text(Flag.ALLOW);
    try {
      return file == null ? null : AllowFile.open(Arguments.file(Flag.ALLOW.option(), file));
    } catch (StorageException e) {
      throw ProblemException.local(e.getMessage());
    }
  }

  private static String guests(AllowList allowed) {
    return switch (allowed.size()) {
      case 0 -> "the allow list is empty: nobody is let in";
      case 1 -> "the one caller on the allow list is let in, nobody else";
      default -> "the " + allowed.size() + " callers on the allow list are let in, nobody else";
    };
  }

  /** Passes on what becomes of the allow list. */
  private record Guests(RunningService service, Reporter reporter) implements AllowFile.Listener {
    @Override
    public void changed(AllowList list) {
      service.allow(list);
      reporter.tell(new Event.Remark("the allow list has changed: now " + guests(list)));
    }

    @Override
    public void unusable(String why) {
      reporter.tell(new Event.Remark("the allow list stays as it was: " + why));
    }
  }

  private static void stop(RunningService service, Callers callers) {
    try {
      callers.hangUp(GOODBYES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      service.stop();
    }
  }

  /** Null if nothing can be locked here; then nobody makes sure, but the service runs. */
  private static @Nullable ServiceLock lock(Invocation run, ServiceId id) throws ProblemException {
    try {
      return switch (ServiceLock.acquire(run.folders().locks(), id)) {
        case ServiceLock.Attempt.Held(ServiceLock lock) -> lock;
        case ServiceLock.Attempt.Running(long pid) ->
            throw ProblemException.local(
                "this service runs already"
                    + (pid == 0 ? "" : ", as process " + pid)
                    + "; two of one identity and name would overwrite each other",
                "end the other one" + (pid == 0 ? "" : " (kill " + pid + ")"),
                "or give this one its own name, for example: sallyport serve --name second");
      };
    } catch (StorageException e) {
      run.reporter()
          .tell(
              new Event.Remark("whether the service runs twice cannot be told: " + e.getMessage()));
      return null;
    }
  }
}

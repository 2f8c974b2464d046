package dev.servicepool.spring;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

import org.jspecify.annotations.Nullable;

/**
 * Records what the core logs, until it is closed. It does not depend on where the log is
 * written, because the first test in a JVM determines that.
 */
public final class PoolLog extends Handler implements AutoCloseable {

	/** Strong reference, because the logging framework has only a weak one. */
	private final Logger logger = Logger.getLogger("dev.servicepool.Pool");

	private final @Nullable Level level = this.logger.getLevel();

	private final List<String> entries = new CopyOnWriteArrayList<>();

	public PoolLog() {
		this.logger.setLevel(Level.INFO);
		this.logger.addHandler(this);
	}

	/** Return all log entries, with stack traces. */
	public String text() {
		return String.join("\n", this.entries);
	}

	@Override
	public void publish(LogRecord entry) {
		this.entries.add(new SimpleFormatter().format(entry));
	}

	@Override
	public void flush() {
	}

	@Override
	public void close() {
		this.logger.removeHandler(this);
		this.logger.setLevel(this.level);
	}

}

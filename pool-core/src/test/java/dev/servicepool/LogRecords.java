package dev.servicepool;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * What the pools log while it is open.
 */
final class LogRecords extends Handler implements AutoCloseable {

	/** Held here since nobody else does. */
	private final Logger logger = Logger.getLogger("dev.servicepool");

	private final List<String> messages = new CopyOnWriteArrayList<>();

	private final List<Throwable> thrown = new CopyOnWriteArrayList<>();

	LogRecords() {
		this.logger.addHandler(this);
	}

	/** Return level and text of each. */
	List<String> messages() {
		return this.messages;
	}

	/** Return what was logged with them. */
	List<Throwable> thrown() {
		return this.thrown;
	}

	@Override
	public void publish(LogRecord logRecord) {
		if (logRecord.getThrown() != null) {
			this.thrown.add(logRecord.getThrown());
		}
		this.messages.add(logRecord.getLevel() + " " + new SimpleFormatter().formatMessage(logRecord));
	}

	@Override
	public void flush() {
	}

	@Override
	public void close() {
		this.logger.removeHandler(this);
	}

}

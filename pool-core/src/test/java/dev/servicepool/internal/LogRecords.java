package dev.servicepool.internal;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * Records what pools log until it is closed.
 */
final class LogRecords extends Handler implements AutoCloseable {

	/** Strong reference, because the log manager has only weak references. */
	private final Logger logger = Logger.getLogger("dev.servicepool");

	private final List<String> messages = new CopyOnWriteArrayList<>();

	private final List<Throwable> thrown = new CopyOnWriteArrayList<>();

	LogRecords() {
		this.logger.addHandler(this);
	}

	/** Return the level and the text of each record. */
	List<String> messages() {
		return this.messages;
	}

	/** Return the exceptions of the records. */
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

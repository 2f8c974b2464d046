package dev.servicepool.spring.docs;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.EOFException;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import dev.servicepool.Lease;
import dev.servicepool.Pool;
import dev.servicepool.Readiness;
import dev.servicepool.Service;
import dev.servicepool.ServiceFactory;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.stereotype.Component;

/**
 * Code that docs/services.md shows, with substitutes for the pooled resources.
 */
@Configuration(proxyBeanMethods = false)
@Import(ServiceSnippets.DocumentReader.class)
class ServiceSnippets {

	@Bean
	ServiceFactory<DocumentId, Document> archive(ArchiveClient client) {
		return (target) -> {
			ArchiveSession session = client.login();
			return Service.of(session::read, session::logout);
		};
	}

	@Component
	record DocumentReader(Pool<DocumentId, Document> archive) {

		Document read(DocumentId id) throws Exception {
			return this.archive.call(id);
		}

	}

	@Bean
	ServiceFactory<Model, Solution> solver(LicenseServer licenses) {
		return (target) -> {
			License license = licenses.checkOut();
			return Service.of((model) -> Solver.solve(model, license), license::checkIn);
		};
	}

	@Bean
	ServiceFactory<String, String> converter() {
		return (target) -> new ConverterProcess("converter", "--stdio");
	}

	@Bean
	ArchiveClient archiveClient() {
		return ArchiveSession::new;
	}

	@Bean
	LicenseServer licenseServer() {
		return License::new;
	}

	record Preview(Pool<DocumentId, Document> archive) {

		/** Return the document, or nothing if all sessions are busy. */
		Optional<Document> read(DocumentId id) throws Exception {
			Lease<DocumentId, Document> lease = this.archive.tryAcquire();
			if (lease == null) {
				return Optional.empty();
			}
			try {
				Document document = lease.service().call(id);
				lease.succeed();
				return Optional.of(document);
			}
			catch (Throwable ex) {
				lease.fail(ex);
				throw ex;
			}
		}

	}

	static final class ConverterProcess implements Service<String, String> {

		private final Process process;

		private final BufferedWriter input;

		private final BufferedReader output;

		ConverterProcess(String... command) throws IOException {
			this.process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
			this.input = this.process.outputWriter();
			this.output = this.process.inputReader();
		}

		@Override
		public String call(String request) throws IOException {
			this.input.write(request + "\n");
			this.input.flush();
			String response = this.output.readLine();
			if (response == null) {
				throw new EOFException("converter ended during the request");
			}
			return response;
		}

		@Override
		public Readiness pollReady(Runnable wakeUp) throws IOException {
			if (!this.process.isAlive()) {
				throw new IOException("converter ended with exit code " + this.process.exitValue());
			}
			return Readiness.READY;
		}

		@Override
		public void close() throws InterruptedException {
			this.process.destroy();
			if (!this.process.waitFor(5, TimeUnit.SECONDS)) {
				this.process.destroyForcibly();
			}
		}

		/** Return the process, so that a test can end it. */
		Process process() {
			return this.process;
		}

	}

	static final class ReconnectingService implements Service<DocumentId, Document> {

		private volatile boolean connected;

		private volatile Runnable wakeUp = () -> {
		};

		@Override
		public Readiness pollReady(Runnable wakeUp) {
			this.wakeUp = wakeUp;
			return this.connected ? Readiness.READY : Readiness.PENDING;
		}

		void onConnectionChange(boolean connected) {
			this.connected = connected;
			this.wakeUp.run();
		}

		@Override
		public Document call(DocumentId id) {
			return Document.of(id);
		}

	}

	record DocumentId(String value) {
	}

	record Document(String text) {

		static Document of(DocumentId id) {
			return new Document("text of " + id.value());
		}

	}

	interface ArchiveClient {

		ArchiveSession login() throws IOException;

	}

	static final class ArchiveSession {

		Document read(DocumentId id) throws IOException {
			return Document.of(id);
		}

		void logout() throws IOException {
		}

	}

	record Model(String text) {
	}

	record Solution(String text) {
	}

	interface LicenseServer {

		License checkOut() throws IOException;

	}

	static final class License {

		void checkIn() throws IOException {
		}

	}

	static final class Solver {

		private Solver() {
		}

		static Solution solve(Model model, License license) {
			return new Solution("solution of " + model.text());
		}

	}

}

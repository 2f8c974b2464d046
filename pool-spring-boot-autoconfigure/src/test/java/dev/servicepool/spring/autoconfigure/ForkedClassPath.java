package dev.servicepool.spring.autoconfigure;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

import org.springframework.boot.logging.LoggingSystem;

/**
 * Class path of the tests with entries added or removed, for code that must not share a
 * class with the tests.
 */
final class ForkedClassPath {

	private final List<Path> entries;

	private ForkedClassPath(List<Path> entries) {
		this.entries = entries;
	}

	static ForkedClassPath ofTests() {
		return new ForkedClassPath(
				Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator)).map(Path::of).toList());
	}

	/**
	 * Remove libraries.
	 * @param jars the pattern that matches the start of their file names
	 */
	ForkedClassPath without(Pattern jars) {
		return new ForkedClassPath(this.entries.stream()
			.filter((entry) -> !entry.toString().endsWith(".jar")
					|| !jars.matcher(entry.getFileName().toString()).lookingAt())
			.toList());
	}

	/**
	 * Add a directory in front of all other entries.
	 */
	ForkedClassPath with(Path directory) {
		List<Path> entries = new ArrayList<>(this.entries);
		entries.add(0, directory);
		return new ForkedClassPath(entries);
	}

	boolean has(String type) throws IOException {
		try (URLClassLoader loader = loader()) {
			return loader.findResource(type.replace('.', '/') + ".class") != null;
		}
	}

	/**
	 * Run code with only this class path and the JDK. The logging of the JVM does not
	 * change.
	 * @param <T> the type of the argument, a type of the JDK
	 * @param <R> the type of the result, a type of the JDK
	 * @param code the code to load and run
	 * @param argument the argument of the code
	 * @return the result of the code
	 */
	@SuppressWarnings("unchecked")
	<T, R> R run(Class<? extends Function<T, R>> code, T argument) throws Exception {
		ClassLoader contextLoader = Thread.currentThread().getContextClassLoader();
		String loggingSystem = System.getProperty(LoggingSystem.SYSTEM_PROPERTY);
		try (URLClassLoader loader = loader()) {
			Thread.currentThread().setContextClassLoader(loader);
			System.setProperty(LoggingSystem.SYSTEM_PROPERTY, LoggingSystem.NONE);
			Function<T, R> forked = (Function<T, R>) loader.loadClass(code.getName())
				.getDeclaredConstructor()
				.newInstance();
			return forked.apply(argument);
		}
		finally {
			Thread.currentThread().setContextClassLoader(contextLoader);
			if (loggingSystem != null) {
				System.setProperty(LoggingSystem.SYSTEM_PROPERTY, loggingSystem);
			}
			else {
				System.clearProperty(LoggingSystem.SYSTEM_PROPERTY);
			}
		}
	}

	private URLClassLoader loader() {
		return new URLClassLoader(this.entries.stream().map(ForkedClassPath::url).toArray(URL[]::new),
				ClassLoader.getPlatformClassLoader());
	}

	private static URL url(Path entry) {
		try {
			return entry.toUri().toURL();
		}
		catch (MalformedURLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public String toString() {
		return this.entries.toString();
	}

}

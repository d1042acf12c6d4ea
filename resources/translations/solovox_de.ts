<?xml version="1.0" encoding="utf-8"?>
<TS version="2.1" language="de" sourcelanguage="en">
  <context>
    <name>Actions</name>
    <message>
      <source>&amp;Edit</source>
      <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
      <source>&amp;File</source>
      <translation>&amp;Datei</translation>
    </message>
    <message>
      <source>&amp;Help</source>
      <translation>&amp;Hilfe</translation>
    </message>
    <message>
      <source>&amp;Playback</source>
      <translation>&amp;Wiedergabe</translation>
    </message>
    <message>
      <source>&amp;Range</source>
      <translation>B&amp;ereich</translation>
    </message>
    <message>
      <source>&amp;Singer</source>
      <translation>&amp;Singende</translation>
    </message>
    <message>
      <source>&amp;View</source>
      <translation>&amp;Ansicht</translation>
    </message>
    <message>
      <source>Add a missed face</source>
      <translation>Übersehenes Gesicht hinzufügen</translation>
    </message>
    <message>
      <source>Add to queue…</source>
      <translation>Zur Warteschlange …</translation>
    </message>
    <message>
      <source>Cancel</source>
      <translation>Abbrechen</translation>
    </message>
    <message>
      <source>Choose singer %1</source>
      <translation>Person %1 wählen</translation>
    </message>
    <message>
      <source>Choose what is exported: stems, video, timelines</source>
      <translation>Wählen, was exportiert wird: Stems, Video, Timelines</translation>
    </message>
    <message>
      <source>Clear range</source>
      <translation>Bereich löschen</translation>
    </message>
    <message>
      <source>Compute the voice of the chosen singer</source>
      <translation>Die Stimme der gewählten Person berechnen</translation>
    </message>
    <message>
      <source>Draw a box around a face that was not found</source>
      <translation>Einen Rahmen um ein Gesicht ziehen, das nicht gefunden wurde</translation>
    </message>
    <message>
      <source>End of the range: only the range is isolated</source>
      <translation>Ende des Bereichs: Nur der Bereich wird isoliert</translation>
    </message>
    <message>
      <source>Export</source>
      <translation>Exportieren</translation>
    </message>
    <message>
      <source>Export now</source>
      <translation>Jetzt exportieren</translation>
    </message>
    <message>
      <source>Find singers</source>
      <translation>Singende suchen</translation>
    </message>
    <message>
      <source>Forget what was said</source>
      <translation>Angaben vergessen</translation>
    </message>
    <message>
      <source>From the playhead on the chosen singer is somebody else</source>
      <translation>Ab dem Abspielkopf ist die gewählte Person jemand anderes</translation>
    </message>
    <message>
      <source>Give the chosen singer another name</source>
      <translation>Der gewählten Person einen anderen Namen geben</translation>
    </message>
    <message>
      <source>Go one frame back</source>
      <translation>Ein Bild zurückgehen</translation>
    </message>
    <message>
      <source>Go one frame on</source>
      <translation>Ein Bild weitergehen</translation>
    </message>
    <message>
      <source>Go to end</source>
      <translation>Zum Ende</translation>
    </message>
    <message>
      <source>Go to start</source>
      <translation>Zum Anfang</translation>
    </message>
    <message>
      <source>Go to the In point, or to the start of the clip</source>
      <translation>Zum In-Punkt oder zum Anfang des Clips gehen</translation>
    </message>
    <message>
      <source>Go to the Out point, or to the end of the clip</source>
      <translation>Zum Out-Punkt oder zum Ende des Clips gehen</translation>
    </message>
    <message>
      <source>Hear isolated</source>
      <translation>Isoliert hören</translation>
    </message>
    <message>
      <source>Hear the sound under the playhead while it is moved</source>
      <translation>Den Ton unter dem Abspielkopf hören, während er bewegt wird</translation>
    </message>
    <message>
      <source>Isolate</source>
      <translation>Isolieren</translation>
    </message>
    <message>
      <source>Isolate and export several clips, one after the other</source>
      <translation>Mehrere Clips nacheinander isolieren und exportieren</translation>
    </message>
    <message>
      <source>Keyboard shortcuts</source>
      <translation>Tastenkürzel</translation>
    </message>
    <message>
      <source>Look for the faces in the clip again</source>
      <translation>Noch einmal nach den Gesichtern im Clip suchen</translation>
    </message>
    <message>
      <source>Loop</source>
      <translation>Schleife</translation>
    </message>
    <message>
      <source>Make the change again that was taken back</source>
      <translation>Die zurückgenommene Änderung wieder ausführen</translation>
    </message>
    <message>
      <source>Mark In</source>
      <translation>In setzen</translation>
    </message>
    <message>
      <source>Mark Out</source>
      <translation>Out setzen</translation>
    </message>
    <message>
      <source>Merge singers</source>
      <translation>Singende zusammenführen</translation>
    </message>
    <message>
      <source>Models, device, cache, keys, language and colours</source>
      <translation>Modelle, Gerät, Zwischenspeicher, Tasten, Sprache und Farben</translation>
    </message>
    <message>
      <source>Next frame</source>
      <translation>Nächstes Bild</translation>
    </message>
    <message>
      <source>Not a singer</source>
      <translation>Keine singende Person</translation>
    </message>
    <message>
      <source>Not this voice</source>
      <translation>Nicht diese Stimme</translation>
    </message>
    <message>
      <source>One second back</source>
      <translation>Eine Sekunde zurück</translation>
    </message>
    <message>
      <source>One second on</source>
      <translation>Eine Sekunde weiter</translation>
    </message>
    <message>
      <source>Only this singer here</source>
      <translation>Hier nur diese Person</translation>
    </message>
    <message>
      <source>Open a video of people singing</source>
      <translation>Ein Video von singenden Menschen öffnen</translation>
    </message>
    <message>
      <source>Open…</source>
      <translation>Öffnen …</translation>
    </message>
    <message>
      <source>Play</source>
      <translation>Abspielen</translation>
    </message>
    <message>
      <source>Play backwards, again for faster</source>
      <translation>Rückwärts abspielen, nochmals für schneller</translation>
    </message>
    <message>
      <source>Play forwards, again for faster</source>
      <translation>Vorwärts abspielen, nochmals für schneller</translation>
    </message>
    <message>
      <source>Play or pause</source>
      <translation>Abspielen oder anhalten</translation>
    </message>
    <message>
      <source>Preferences…</source>
      <translation>Einstellungen …</translation>
    </message>
    <message>
      <source>Previous frame</source>
      <translation>Vorheriges Bild</translation>
    </message>
    <message>
      <source>Queue</source>
      <translation>Warteschlange</translation>
    </message>
    <message>
      <source>Quit</source>
      <translation>Beenden</translation>
    </message>
    <message>
      <source>Redo</source>
      <translation>Wiederholen</translation>
    </message>
    <message>
      <source>Rename</source>
      <translation>Umbenennen</translation>
    </message>
    <message>
      <source>Repeat the range, or the whole clip</source>
      <translation>Den Bereich oder den ganzen Clip wiederholen</translation>
    </message>
    <message>
      <source>Save all decisions about this clip</source>
      <translation>Alle Entscheidungen zu diesem Clip speichern</translation>
    </message>
    <message>
      <source>Save project</source>
      <translation>Projekt speichern</translation>
    </message>
    <message>
      <source>Save project as…</source>
      <translation>Projekt speichern unter …</translation>
    </message>
    <message>
      <source>Save the decisions under another name</source>
      <translation>Die Entscheidungen unter anderem Namen speichern</translation>
    </message>
    <message>
      <source>Say that nobody else sounds between In and Out: the voice is learnt there</source>
      <translation>Angeben, dass zwischen In und Out niemand sonst zu hören ist: Dort wird die Stimme gelernt</translation>
    </message>
    <message>
      <source>Say that the chosen singer is silent between In and Out</source>
      <translation>Angeben, dass die gewählte Person zwischen In und Out still ist</translation>
    </message>
    <message>
      <source>Say that the chosen singer sounds between In and Out</source>
      <translation>Angeben, dass die gewählte Person zwischen In und Out zu hören ist</translation>
    </message>
    <message>
      <source>Scrub with sound</source>
      <translation>Mit Ton scrubben</translation>
    </message>
    <message>
      <source>Separate again</source>
      <translation>Wieder trennen</translation>
    </message>
    <message>
      <source>Show In to Out in the lanes</source>
      <translation>In bis Out in den Spuren zeigen</translation>
    </message>
    <message>
      <source>Show all keys</source>
      <translation>Alle Tasten zeigen</translation>
    </message>
    <message>
      <source>Show more of the clip in the lanes</source>
      <translation>Mehr vom Clip in den Spuren zeigen</translation>
    </message>
    <message>
      <source>Show or hide the panels on the right</source>
      <translation>Die Seitenleiste zeigen oder verbergen</translation>
    </message>
    <message>
      <source>Show or hide the queue of clips</source>
      <translation>Die Warteschlange der Clips zeigen oder verbergen</translation>
    </message>
    <message>
      <source>Show the lanes closer, down to single samples</source>
      <translation>Die Spuren näher zeigen, bis zu einzelnen Samples</translation>
    </message>
    <message>
      <source>Show the original as spectrogram instead of waveform</source>
      <translation>Das Original als Spektrogramm statt als Wellenform zeigen</translation>
    </message>
    <message>
      <source>Show the whole clip in the lanes</source>
      <translation>Den ganzen Clip in den Spuren zeigen</translation>
    </message>
    <message>
      <source>Side panels</source>
      <translation>Seitenleiste</translation>
    </message>
    <message>
      <source>Spectrogram</source>
      <translation>Spektrogramm</translation>
    </message>
    <message>
      <source>Split at the playhead</source>
      <translation>Am Abspielkopf teilen</translation>
    </message>
    <message>
      <source>Start of the range: only the range is isolated</source>
      <translation>Anfang des Bereichs: Nur der Bereich wird isoliert</translation>
    </message>
    <message>
      <source>Stop</source>
      <translation>Stopp</translation>
    </message>
    <message>
      <source>Stop the running step; nothing half-done is kept</source>
      <translation type="vanished">Den laufenden Schritt anhalten; Halbfertiges wird nicht behalten</translation>
    </message>
    <message>
      <source>Stop the running step; what is finished is kept</source>
      <translation>Den laufenden Schritt anhalten; Fertiges bleibt erhalten</translation>
    </message>
    <message>
      <source>Switch between the original and the isolated voice; hold to compare briefly</source>
      <translation>Zwischen Original und isolierter Stimme wechseln; zum kurzen Vergleich gedrückt halten</translation>
    </message>
    <message>
      <source>Take a merged singer apart again</source>
      <translation>Zusammengeführte Singende wieder trennen</translation>
    </message>
    <message>
      <source>Take back what was said about the chosen singer</source>
      <translation>Zurücknehmen, was über die gewählte Person angegeben wurde</translation>
    </message>
    <message>
      <source>Take the chosen out of the list: a poster, a passer-by</source>
      <translation>Die Gewählten aus der Liste nehmen: ein Plakat, jemand im Vorbeigehen</translation>
    </message>
    <message>
      <source>Take the last change back</source>
      <translation type="vanished">Die letzte Änderung zurücknehmen</translation>
    </message>
    <message>
      <source>Take the whole clip again</source>
      <translation>Wieder den ganzen Clip nehmen</translation>
    </message>
    <message>
      <source>The chosen singers are one person</source>
      <translation>Die Gewählten sind ein und dieselbe Person</translation>
    </message>
    <message>
      <source>This is the voice</source>
      <translation>Das ist die Stimme</translation>
    </message>
    <message>
      <source>Undo</source>
      <translation>Rückgängig</translation>
    </message>
    <message>
      <source>Whole clip</source>
      <translation>Ganzer Clip</translation>
    </message>
    <message>
      <source>Write the files that the export settings ask for</source>
      <translation>Die Dateien schreiben, die in den Exporteinstellungen gewählt sind</translation>
    </message>
    <message>
      <source>Zoom in</source>
      <translation>Vergrößern</translation>
    </message>
    <message>
      <source>Zoom out</source>
      <translation>Verkleinern</translation>
    </message>
    <message>
      <source>Zoom to range</source>
      <translation>Auf Bereich zoomen</translation>
    </message>
  </context>
  <context>
    <name>AnchorControl</name>
    <message>
      <source>Forget what was said</source>
      <translation>Angaben vergessen</translation>
    </message>
    <message>
      <source>Learn voices</source>
      <translation>Stimmen lernen</translation>
    </message>
    <message>
      <source>Not this singer</source>
      <translation>Nicht diese Person</translation>
    </message>
    <message>
      <source>Only this singer</source>
      <translation>Nur diese Person</translation>
    </message>
    <message>
      <source>This singer's voice</source>
      <translation>Die Stimme dieser Person</translation>
    </message>
    <message>
      <source>This was said of the whole clip; set In and Out first to say it of a part.</source>
      <translation>Das gilt nun für den ganzen Clip; setzen Sie zuerst In und Out, um es für einen Teil anzugeben.</translation>
    </message>
  </context>
  <context>
    <name>Banner</name>
    <message>
      <source>Close this message</source>
      <translation>Diese Meldung schließen</translation>
    </message>
    <message>
      <source>Copied</source>
      <translation>Kopiert</translation>
    </message>
    <message>
      <source>Copy details</source>
      <translation>Einzelheiten kopieren</translation>
    </message>
    <message>
      <source>Copy what helpers ask for: versions and the end of the log</source>
      <translation>Kopieren, wonach Helfende fragen: Versionen und das Ende des Protokolls</translation>
    </message>
    <message>
      <source>Show in folder</source>
      <translation>Im Ordner zeigen</translation>
    </message>
  </context>
  <context>
    <name>ComputingPage</name>
    <message>
      <source> GB</source>
      <translation> GB</translation>
    </message>
    <message>
      <source>32 bit, the same on every device</source>
      <translation>32 Bit, auf jedem Gerät gleich</translation>
    </message>
    <message>
      <source>As fast as is harmless</source>
      <translation>So schnell wie unbedenklich</translation>
    </message>
    <message>
      <source>Cache, at most</source>
      <translation>Zwischenspeicher, höchstens</translation>
    </message>
    <message>
      <source>Clear cache</source>
      <translation>Zwischenspeicher leeren</translation>
    </message>
    <message>
      <source>Compute on</source>
      <translation>Rechnen auf</translation>
    </message>
    <message>
      <source>Faces and voices found before are computed again</source>
      <translation>Früher gefundene Gesichter und Stimmen werden neu berechnet</translation>
    </message>
    <message>
      <source>Precision</source>
      <translation>Genauigkeit</translation>
    </message>
    <message>
      <source>The fastest there is</source>
      <translation>Das schnellste vorhandene</translation>
    </message>
    <message>
      <source>The fastest there is: {device}</source>
      <translation>Das schnellste vorhandene: {device}</translation>
    </message>
    <message>
      <source>{device}, not there now</source>
      <translation>{device}, zurzeit nicht vorhanden</translation>
    </message>
    <message>
      <source>{used} used in {folder}; {free} free on this disk</source>
      <translation>{used} belegt in {folder}; {free} auf diesem Datenträger frei</translation>
    </message>
  </context>
  <context>
    <name>Controller</name>
    <message>
      <source>Change range</source>
      <translation>Bereich ändern</translation>
    </message>
    <message>
      <source>Choose singer</source>
      <translation>Person wählen</translation>
    </message>
    <message>
      <source>Exporting</source>
      <translation>Wird exportiert</translation>
    </message>
    <message>
      <source>Finding singers</source>
      <translation>Singende werden gesucht</translation>
    </message>
    <message>
      <source>Isolating</source>
      <translation>Wird isoliert</translation>
    </message>
    <message>
      <source>No face was found in this clip; a singer can be isolated only where a face is visible, so choose another clip.</source>
      <translation>In diesem Clip wurde kein Gesicht gefunden; isolieren geht nur, wo ein Gesicht zu sehen ist, wählen Sie also einen anderen Clip.</translation>
    </message>
    <message>
      <source>Opening {name}</source>
      <translation>{name} wird geöffnet</translation>
    </message>
    <message>
      <source>Rename singer</source>
      <translation>Person umbenennen</translation>
    </message>
  </context>
  <context>
    <name>Dialogs</name>
    <message>
      <source>All files</source>
      <translation>Alle Dateien</translation>
    </message>
    <message>
      <source>Folder for exported files</source>
      <translation>Ordner für exportierte Dateien</translation>
    </message>
    <message>
      <source>Open a video</source>
      <translation type="vanished">Ein Video öffnen</translation>
    </message>
    <message>
      <source>Open videos or a project</source>
      <translation>Videos oder ein Projekt öffnen</translation>
    </message>
    <message>
      <source>Save project</source>
      <translation>Projekt speichern</translation>
    </message>
    <message>
      <source>Solovox projects</source>
      <translation>Solovox-Projekte</translation>
    </message>
    <message>
      <source>Videos</source>
      <translation>Videos</translation>
    </message>
    <message>
      <source>Videos and projects</source>
      <translation>Videos und Projekte</translation>
    </message>
    <message>
      <source>Where is {name}?</source>
      <translation>Wo ist {name}?</translation>
    </message>
    <message>
      <source>{name} was changed by another window or program since it was opened here. Replace it?</source>
      <translation>{name} wurde von einem anderen Fenster oder Programm geändert, seit es hier geöffnet wurde. Ersetzen?</translation>
    </message>
  </context>
  <context>
    <name>ExactLength</name>
    <message>
      <source>{name} is still being read to its end; this goes on by itself then.</source>
      <translation>{name} wird noch bis zum Ende gelesen; danach geht es von selbst weiter.</translation>
    </message>
  </context>
  <context>
    <name>ExportControl</name>
    <message>
      <source>Change export</source>
      <translation>Export ändern</translation>
    </message>
    <message>
      <source>Choose a singer first.</source>
      <translation>Wählen Sie zuerst eine Person.</translation>
    </message>
    <message>
      <source>Nothing is chosen to be written.</source>
      <translation>Es ist nichts zum Schreiben gewählt.</translation>
    </message>
    <message>
      <source>Open a clip first.</source>
      <translation>Öffnen Sie zuerst einen Clip.</translation>
    </message>
  </context>
  <context>
    <name>ExportPanel</name>
    <message>
      <source> LUFS</source>
      <translation> LUFS</translation>
    </message>
    <message>
      <source> dBTP</source>
      <translation> dBTP</translation>
    </message>
    <message>
      <source>AAC (.m4a)</source>
      <translation>AAC (.m4a)</translation>
    </message>
    <message>
      <source>As loud as the original</source>
      <translation>So laut wie das Original</translation>
    </message>
    <message>
      <source>Beside the clip</source>
      <translation>Neben dem Clip</translation>
    </message>
    <message>
      <source>CMX 3600; holds four channels of sound</source>
      <translation>CMX 3600; fasst vier Tonkanäle</translation>
    </message>
    <message>
      <source>Custom</source>
      <translation>Eigener Wert</translation>
    </message>
    <message>
      <source>EBU R 128, −23 LUFS</source>
      <translation>EBU R 128, −23 LUFS</translation>
    </message>
    <message>
      <source>EDL</source>
      <translation>EDL</translation>
    </message>
    <message>
      <source>Export</source>
      <translation>Exportieren</translation>
    </message>
    <message>
      <source>Export {count} files</source>
      <translation>{count} Dateien exportieren</translation>
    </message>
    <message>
      <source>Extra sound before and after the range</source>
      <translation>Zusätzlicher Ton vor und nach dem Bereich</translation>
    </message>
    <message>
      <source>FCP 7 XML</source>
      <translation>FCP 7 XML</translation>
    </message>
    <message>
      <source>FCPXML</source>
      <translation>FCPXML</translation>
    </message>
    <message>
      <source>FLAC, 24 bit</source>
      <translation>FLAC, 24 Bit</translation>
    </message>
    <message>
      <source>Files</source>
      <translation>Dateien</translation>
    </message>
    <message>
      <source>Files that will be written</source>
      <translation>Dateien, die geschrieben werden</translation>
    </message>
    <message>
      <source>Folder…</source>
      <translation>Ordner …</translation>
    </message>
    <message>
      <source>For Final Cut Pro and DaVinci Resolve</source>
      <translation>Für Final Cut Pro und DaVinci Resolve</translation>
    </message>
    <message>
      <source>For Premiere Pro and DaVinci Resolve</source>
      <translation>Für Premiere Pro und DaVinci Resolve</translation>
    </message>
    <message>
      <source>Format</source>
      <translation>Format</translation>
    </message>
    <message>
      <source>Handles</source>
      <translation>Überhang</translation>
    </message>
    <message>
      <source>Insert a field into the name</source>
      <translation>Ein Feld in den Namen einfügen</translation>
    </message>
    <message>
      <source>Isolate and export</source>
      <translation>Isolieren und exportieren</translation>
    </message>
    <message>
      <source>Kind of video file</source>
      <translation>Art der Videodatei</translation>
    </message>
    <message>
      <source>Like the clip</source>
      <translation>Wie der Clip</translation>
    </message>
    <message>
      <source>Loudness</source>
      <translation>Lautheit</translation>
    </message>
    <message>
      <source>Loudness in LUFS</source>
      <translation>Lautheit in LUFS</translation>
    </message>
    <message>
      <source>Lowers the gain of a file where its true peak is higher</source>
      <translation>Senkt den Pegel einer Datei, deren True Peak höher liegt</translation>
    </message>
    <message>
      <source>MP3</source>
      <translation>MP3</translation>
    </message>
    <message>
      <source>Names</source>
      <translation>Namen</translation>
    </message>
    <message>
      <source>OTIO</source>
      <translation>OTIO</translation>
    </message>
    <message>
      <source>Open a clip first.</source>
      <translation>Öffnen Sie zuerst einen Clip.</translation>
    </message>
    <message>
      <source>OpenTimelineIO, for DaVinci Resolve and others</source>
      <translation>OpenTimelineIO, für DaVinci Resolve und andere</translation>
    </message>
    <message>
      <source>Rest: the sound without them</source>
      <translation>Rest: der Ton ohne sie</translation>
    </message>
    <message>
      <source>Sound format</source>
      <translation>Tonformat</translation>
    </message>
    <message>
      <source>Template of the file names</source>
      <translation>Vorlage für die Dateinamen</translation>
    </message>
    <message>
      <source>The same picture with the voices as first sound</source>
      <translation>Dasselbe Bild mit den Stimmen als erster Tonspur</translation>
    </message>
    <message>
      <source>Timeline with the stems</source>
      <translation>Timeline mit den Stems</translation>
    </message>
    <message>
      <source>True peak</source>
      <translation>True Peak</translation>
    </message>
    <message>
      <source>True peak below</source>
      <translation>True Peak unter</translation>
    </message>
    <message>
      <source>Unit of the handles</source>
      <translation>Einheit des Überhangs</translation>
    </message>
    <message>
      <source>Untouched</source>
      <translation>Unverändert</translation>
    </message>
    <message>
      <source>Video</source>
      <translation>Video</translation>
    </message>
    <message>
      <source>Voice of each singer</source>
      <translation>Stimme jeder Person</translation>
    </message>
    <message>
      <source>WAV, 16 bit</source>
      <translation>WAV, 16 Bit</translation>
    </message>
    <message>
      <source>WAV, 24 bit</source>
      <translation>WAV, 24 Bit</translation>
    </message>
    <message>
      <source>WAV, 32 bit float</source>
      <translation>WAV, 32 Bit Gleitkomma</translation>
    </message>
    <message>
      <source>With the gains of the mixer</source>
      <translation>Mit den Pegeln des Mixers</translation>
    </message>
    <message>
      <source>Write beside the clip again</source>
      <translation>Wieder neben den Clip schreiben</translation>
    </message>
    <message>
      <source>frames</source>
      <translation>Bilder</translation>
    </message>
    <message>
      <source>seconds</source>
      <translation>Sekunden</translation>
    </message>
    <message>
      <source>… and {count} more</source>
      <translation>… und {count} weitere</translation>
    </message>
  </context>
  <context>
    <name>Fader</name>
    <message>
      <source> dB</source>
      <translation> dB</translation>
    </message>
    <message>
      <source>off</source>
      <translation>aus</translation>
    </message>
    <message>
      <source>{name}; double-click to reset</source>
      <translation>{name}; Doppelklick setzt zurück</translation>
    </message>
  </context>
  <context>
    <name>FinishedFiles</name>
    <message>
      <source>Copy</source>
      <translation>Kopieren</translation>
    </message>
    <message>
      <source>Copy the files, to be pasted into another program</source>
      <translation>Die Dateien kopieren, um sie in ein anderes Programm einzufügen</translation>
    </message>
    <message>
      <source>Exported: drag into another program</source>
      <translation>Exportiert: in ein anderes Programm ziehen</translation>
    </message>
    <message>
      <source>Show in folder</source>
      <translation>Im Ordner zeigen</translation>
    </message>
    <message>
      <source>silent</source>
      <translation>stumm</translation>
    </message>
    <message>
      <source>timeline</source>
      <translation>Timeline</translation>
    </message>
    <message>
      <source>true peak {peak} dBTP</source>
      <translation>True Peak {peak} dBTP</translation>
    </message>
    <message>
      <source>video</source>
      <translation>Video</translation>
    </message>
    <message>
      <source>{loud} LUFS</source>
      <translation>{loud} LUFS</translation>
    </message>
  </context>
  <context>
    <name>GeneralPage</name>
    <message>
      <source>Another language shows when Solovox is started again.</source>
      <translation>Eine andere Sprache erscheint nach dem nächsten Start von Solovox.</translation>
    </message>
    <message>
      <source>As the system</source>
      <translation>Wie das System</translation>
    </message>
    <message>
      <source>Colours</source>
      <translation>Farben</translation>
    </message>
    <message>
      <source>Dark</source>
      <translation>Dunkel</translation>
    </message>
    <message>
      <source>Language</source>
      <translation>Sprache</translation>
    </message>
    <message>
      <source>Light</source>
      <translation>Hell</translation>
    </message>
  </context>
  <context>
    <name>Guidance</name>
    <message>
      <source>Click the singer you want to hear, in the picture or in the list.</source>
      <translation>Klicken Sie im Bild oder in der Liste an, wen Sie hören möchten.</translation>
    </message>
    <message>
      <source>Looking for faces…</source>
      <translation>Gesichter werden gesucht …</translation>
    </message>
    <message>
      <source>No face was found in this clip.</source>
      <translation>In diesem Clip wurde kein Gesicht gefunden.</translation>
    </message>
    <message>
      <source>No face was found; open another clip.</source>
      <translation>Es wurde kein Gesicht gefunden; öffnen Sie einen anderen Clip.</translation>
    </message>
    <message>
      <source>Open a video to begin.</source>
      <translation>Öffnen Sie ein Video, um zu beginnen.</translation>
    </message>
    <message>
      <source>Press Isolate to compute this voice.</source>
      <translation>„Isolieren“ berechnet diese Stimme.</translation>
    </message>
    <message>
      <source>Ready: press A to compare with the original, or export.</source>
      <translation>Fertig: A vergleicht mit dem Original, oder exportieren Sie.</translation>
    </message>
    <message>
      <source>Saved {names} in {folder}.</source>
      <translation>{names} in {folder} gespeichert.</translation>
    </message>
    <message>
      <source>The people in the picture are listed here.</source>
      <translation>Hier werden die Menschen im Bild aufgeführt.</translation>
    </message>
    <message>
      <source>The search was stopped; choose Find singers to search again.</source>
      <translation>Die Suche wurde angehalten; wählen Sie „Singende suchen“, um weiterzusuchen.</translation>
    </message>
    <message>
      <source>{count} sample values were louder than the format holds and were cut; WAV in 32 bit float keeps them, and a true peak limit lowers the gain instead.</source>
      <translation>{count} Abtastwerte waren lauter, als das Format fasst, und wurden begrenzt; WAV mit 32 Bit Gleitkomma behält sie, und eine True-Peak-Grenze senkt stattdessen den Pegel.</translation>
    </message>
  </context>
  <context>
    <name>HistoryControl</name>
    <message>
      <source>Redo {act}</source>
      <translation>Wiederholen: {act}</translation>
    </message>
    <message>
      <source>Undo {act}</source>
      <translation>Rückgängig: {act}</translation>
    </message>
  </context>
  <context>
    <name>JobBar</name>
    <message>
      <source>Cancel</source>
      <translation>Abbrechen</translation>
    </message>
    <message>
      <source>Progress</source>
      <translation>Fortschritt</translation>
    </message>
    <message>
      <source>{percent} · {time} left</source>
      <translation>{percent} · noch {time}</translation>
    </message>
  </context>
  <context>
    <name>KeptWork</name>
    <message>
      <source>Discard</source>
      <translation>Verwerfen</translation>
    </message>
    <message>
      <source>Nothing can be kept for the case of a crash because {folder} can't be written to ({reason}); free some space or check its permissions.</source>
      <translation>Für den Fall eines Absturzes kann nichts aufbewahrt werden, weil in {folder} nicht geschrieben werden kann ({reason}); schaffen Sie Platz oder prüfen Sie die Rechte.</translation>
    </message>
    <message>
      <source>Restore</source>
      <translation>Wiederherstellen</translation>
    </message>
    <message>
      <source>Solovox ended unexpectedly; {name} was kept as it was at {when}.</source>
      <translation>Solovox wurde unerwartet beendet; {name} ist im Stand von {when} erhalten.</translation>
    </message>
    <message>
      <source>There are unsaved changes to {name} from {when}.</source>
      <translation>Es gibt ungespeicherte Änderungen an {name} von {when}.</translation>
    </message>
  </context>
  <context>
    <name>Lanes</name>
    <message>
      <source>not this voice</source>
      <translation>nicht diese Stimme</translation>
    </message>
    <message>
      <source>only this singer</source>
      <translation>nur diese Person</translation>
    </message>
    <message>
      <source>this voice</source>
      <translation>diese Stimme</translation>
    </message>
  </context>
  <context>
    <name>LanesView</name>
    <message>
      <source>Face bridged over a gap</source>
      <translation>Gesicht über eine Lücke hinweg angenommen</translation>
    </message>
    <message>
      <source>Face in the picture</source>
      <translation>Gesicht im Bild</translation>
    </message>
    <message>
      <source>Lips and sound don't agree here</source>
      <translation>Lippen und Ton passen hier nicht zusammen</translation>
    </message>
    <message>
      <source>Lips and voice agree</source>
      <translation>Lippen und Stimme passen zusammen</translation>
    </message>
    <message>
      <source>Lips and voice hardly agree</source>
      <translation>Lippen und Stimme passen kaum zusammen</translation>
    </message>
    <message>
      <source>Lips moving</source>
      <translation>Lippen bewegt</translation>
    </message>
    <message>
      <source>Lips still</source>
      <translation>Lippen still</translation>
    </message>
    <message>
      <source>Not in the picture</source>
      <translation>Nicht im Bild</translation>
    </message>
    <message>
      <source>Sound lanes</source>
      <translation>Tonspuren</translation>
    </message>
    <message>
      <source>{head}: isolated, the original behind it</source>
      <translation>{head}: isoliert, dahinter das Original</translation>
    </message>
    <message>
      <source>{text} ({score} of 1)</source>
      <translation>{text} ({score} von 1)</translation>
    </message>
  </context>
  <context>
    <name>Later</name>
    <message>
      <source>Add to queue…</source>
      <translation type="vanished">Zur Warteschlange …</translation>
    </message>
    <message>
      <source>Add…</source>
      <translation type="vanished">Hinzufügen …</translation>
    </message>
    <message>
      <source>All singers</source>
      <translation type="vanished">Alle Singenden</translation>
    </message>
    <message>
      <source>Cancelled</source>
      <translation type="vanished">Abgebrochen</translation>
    </message>
    <message>
      <source>Clear this list</source>
      <translation type="vanished">Diese Liste leeren</translation>
    </message>
    <message>
      <source>Clip</source>
      <translation type="vanished">Clip</translation>
    </message>
    <message>
      <source>Decide later</source>
      <translation type="vanished">Später entscheiden</translation>
    </message>
    <message>
      <source>Discard</source>
      <translation type="vanished">Verwerfen</translation>
    </message>
    <message>
      <source>Down</source>
      <translation type="vanished">Nach unten</translation>
    </message>
    <message>
      <source>Find the clip…</source>
      <translation type="vanished">Clip suchen …</translation>
    </message>
    <message>
      <source>Hide the queue; it goes on</source>
      <translation type="vanished">Die Warteschlange verbergen; sie läuft weiter</translation>
    </message>
    <message>
      <source>Isolate and export several clips, one after the other</source>
      <translation type="vanished">Mehrere Clips nacheinander isolieren und exportieren</translation>
    </message>
    <message>
      <source>Isolate:</source>
      <translation type="vanished">Isolieren:</translation>
    </message>
    <message>
      <source>Largest face</source>
      <translation type="vanished">Größtes Gesicht</translation>
    </message>
    <message>
      <source>Nothing can be kept for the case of a crash because {folder} can't be written to ({reason}); free some space or check its permissions.</source>
      <translation type="vanished">Für den Fall eines Absturzes kann nichts aufbewahrt werden, weil in {folder} nicht geschrieben werden kann ({reason}); schaffen Sie Platz oder prüfen Sie die Rechte.</translation>
    </message>
    <message>
      <source>Open a clip to hear it here.</source>
      <translation type="vanished">Öffnen Sie einen Clip, um ihn hier zu hören.</translation>
    </message>
    <message>
      <source>Open project</source>
      <translation type="vanished">Projekt öffnen</translation>
    </message>
    <message>
      <source>Open recent</source>
      <translation type="vanished">Zuletzt geöffnet</translation>
    </message>
    <message>
      <source>Open videos or a project</source>
      <translation type="vanished">Videos oder ein Projekt öffnen</translation>
    </message>
    <message>
      <source>Opening</source>
      <translation type="vanished">Wird geöffnet</translation>
    </message>
    <message>
      <source>Progress of {name}</source>
      <translation type="vanished">Fortschritt von {name}</translation>
    </message>
    <message>
      <source>Queue</source>
      <translation type="vanished">Warteschlange</translation>
    </message>
    <message>
      <source>Queue of clips</source>
      <translation type="vanished">Warteschlange der Clips</translation>
    </message>
    <message>
      <source>Queue: drop clips or folders here</source>
      <translation type="vanished">Warteschlange: Clips oder Ordner hier ablegen</translation>
    </message>
    <message>
      <source>Queue: {done} of {all} finished</source>
      <translation type="vanished">Warteschlange: {done} von {all} fertig</translation>
    </message>
    <message>
      <source>Restore</source>
      <translation type="vanished">Wiederherstellen</translation>
    </message>
    <message>
      <source>Retry</source>
      <translation type="vanished">Nochmals versuchen</translation>
    </message>
    <message>
      <source>Save all decisions about this clip</source>
      <translation type="vanished">Alle Entscheidungen zu diesem Clip speichern</translation>
    </message>
    <message>
      <source>Save project</source>
      <translation type="vanished">Projekt speichern</translation>
    </message>
    <message>
      <source>Save project as…</source>
      <translation type="vanished">Projekt speichern unter …</translation>
    </message>
    <message>
      <source>Save the decisions under another name</source>
      <translation type="vanished">Die Entscheidungen unter anderem Namen speichern</translation>
    </message>
    <message>
      <source>Saved {name}.</source>
      <translation type="vanished">{name} gespeichert.</translation>
    </message>
    <message>
      <source>Show files</source>
      <translation type="vanished">Dateien zeigen</translation>
    </message>
    <message>
      <source>Show or hide the queue of clips</source>
      <translation type="vanished">Die Warteschlange der Clips zeigen oder verbergen</translation>
    </message>
    <message>
      <source>Solovox ended unexpectedly; {name} was kept as it was at {when}.</source>
      <translation type="vanished">Solovox wurde unerwartet beendet; {name} ist im Stand von {when} erhalten.</translation>
    </message>
    <message>
      <source>Solovox projects</source>
      <translation type="vanished">Solovox-Projekte</translation>
    </message>
    <message>
      <source>Start</source>
      <translation type="vanished">Starten</translation>
    </message>
    <message>
      <source>State</source>
      <translation type="vanished">Stand</translation>
    </message>
    <message>
      <source>Stop after this clip</source>
      <translation type="vanished">Nach diesem Clip anhalten</translation>
    </message>
    <message>
      <source>Stop the running step; what is finished is kept</source>
      <translation type="vanished">Den laufenden Schritt anhalten; Fertiges bleibt erhalten</translation>
    </message>
    <message>
      <source>Switch between the original and the isolated voice</source>
      <translation type="vanished">Zwischen Original und isolierter Stimme wechseln</translation>
    </message>
    <message>
      <source>The kept work</source>
      <translation type="vanished">Die aufbewahrte Arbeit</translation>
    </message>
    <message>
      <source>There are unsaved changes to {name} from {when}.</source>
      <translation type="vanished">Es gibt ungespeicherte Änderungen an {name} von {when}.</translation>
    </message>
    <message>
      <source>There is no video in the dropped folder; drop videos or a folder of them.</source>
      <translation type="vanished">Im abgelegten Ordner ist kein Video; legen Sie Videos oder einen Ordner mit Videos ab.</translation>
    </message>
    <message>
      <source>Up</source>
      <translation type="vanished">Nach oben</translation>
    </message>
    <message>
      <source>Videos and projects</source>
      <translation type="vanished">Videos und Projekte</translation>
    </message>
    <message>
      <source>Waiting</source>
      <translation type="vanished">Wartet</translation>
    </message>
    <message>
      <source>Where is {name}?</source>
      <translation type="vanished">Wo ist {name}?</translation>
    </message>
    <message>
      <source>Whose voices are isolated</source>
      <translation type="vanished">Wessen Stimmen isoliert werden</translation>
    </message>
    <message>
      <source>{count} of the singers in this project were not found again; what was decided about them is left out.</source>
      <translation type="vanished">{count} der Singenden dieses Projekts wurden nicht wiedergefunden; was über sie entschieden wurde, entfällt.</translation>
    </message>
    <message>
      <source>{name} (missing)</source>
      <translation type="vanished">{name} (fehlt)</translation>
    </message>
    <message>
      <source>{name} was changed by another window or program since it was opened here. Replace it?</source>
      <translation type="vanished">{name} wurde von einem anderen Fenster oder Programm geändert, seit es hier geöffnet wurde. Ersetzen?</translation>
    </message>
    <message>
      <source>{project} is about {clip}, which lies neither where it was nor near the project.</source>
      <translation type="vanished">{project} gehört zu {clip}; der Clip liegt weder am alten Ort noch in der Nähe des Projekts.</translation>
    </message>
    <message>
      <source>{time} left</source>
      <translation type="vanished">noch {time}</translation>
    </message>
    <message>
      <source>✓ Done: {names}</source>
      <translation type="vanished">✓ Fertig: {names}</translation>
    </message>
  </context>
  <context>
    <name>LevelMeter</name>
    <message>
      <source>Level in dB below full scale; click to forget the highest</source>
      <translation>Pegel in dB unter Vollaussteuerung; Klick vergisst den höchsten</translation>
    </message>
  </context>
  <context>
    <name>MainWindow</name>
    <message>
      <source>Export</source>
      <translation>Exportieren</translation>
    </message>
    <message>
      <source>Isolated</source>
      <translation>Isoliert</translation>
    </message>
    <message>
      <source>Mixer</source>
      <translation>Mixer</translation>
    </message>
    <message>
      <source>No sound device</source>
      <translation>Kein Tongerät</translation>
    </message>
    <message>
      <source>Original</source>
      <translation>Original</translation>
    </message>
    <message>
      <source>Original – not isolated here yet</source>
      <translation>Original – hier noch nicht isoliert</translation>
    </message>
    <message>
      <source>Saved {name}.</source>
      <translation>{name} gespeichert.</translation>
    </message>
    <message>
      <source>Shape</source>
      <translation>Formen</translation>
    </message>
    <message>
      <source>Sound goes to this device</source>
      <translation>Der Ton geht an dieses Gerät</translation>
    </message>
    <message>
      <source>There is no sound device, so the clip plays silently</source>
      <translation>Es gibt kein Tongerät, daher läuft der Clip stumm</translation>
    </message>
    <message>
      <source>Tools</source>
      <translation>Werkzeuge</translation>
    </message>
    <message>
      <source>Voices are computed on this device</source>
      <translation>Auf diesem Gerät werden die Stimmen berechnet</translation>
    </message>
  </context>
  <context>
    <name>MixControl</name>
    <message>
      <source>Bleed and fullness</source>
      <translation>Übersprechen und Fülle</translation>
    </message>
    <message>
      <source>Choose model</source>
      <translation>Modell wählen</translation>
    </message>
    <message>
      <source>Fades</source>
      <translation>Blenden</translation>
    </message>
    <message>
      <source>Level of {lane}</source>
      <translation>Pegel von {lane}</translation>
    </message>
    <message>
      <source>Mute {lane}</source>
      <translation>{lane} stumm schalten</translation>
    </message>
    <message>
      <source>Original</source>
      <translation>Original</translation>
    </message>
    <message>
      <source>Reset shape</source>
      <translation>Formung zurücksetzen</translation>
    </message>
    <message>
      <source>Rest</source>
      <translation>Rest</translation>
    </message>
    <message>
      <source>Silence still lips</source>
      <translation>Stille bei stillen Lippen</translation>
    </message>
    <message>
      <source>Singer out of the picture</source>
      <translation>Person außerhalb des Bildes</translation>
    </message>
    <message>
      <source>Solo {lane}</source>
      <translation>{lane} solo</translation>
    </message>
  </context>
  <context>
    <name>MixerPanel</name>
    <message>
      <source>Choose a singer to get a strip for the voice and one for the rest.</source>
      <translation>Wählen Sie eine Person, um einen Zug für die Stimme und einen für den Rest zu bekommen.</translation>
    </message>
    <message>
      <source>Heard: highest {level} dB</source>
      <translation>Gehört: höchstens {level} dB</translation>
    </message>
    <message>
      <source>Meter of all that is heard</source>
      <translation>Pegel von allem, was zu hören ist</translation>
    </message>
    <message>
      <source>The mixer of the clip appears here.</source>
      <translation>Hier erscheint der Mixer des Clips.</translation>
    </message>
    <message>
      <source>The original is heard; choose Hear isolated for this mix.</source>
      <translation>Zu hören ist das Original; wählen Sie „Isoliert hören“ für diese Mischung.</translation>
    </message>
    <message>
      <source>not isolated yet</source>
      <translation>noch nicht isoliert</translation>
    </message>
    <message>
      <source>over full scale</source>
      <translation>über Vollaussteuerung</translation>
    </message>
  </context>
  <context>
    <name>MixerStrip</name>
    <message>
      <source>Hear only {lane}</source>
      <translation>Nur {lane} hören</translation>
    </message>
    <message>
      <source>Level of {lane}</source>
      <translation>Pegel von {lane}</translation>
    </message>
    <message>
      <source>Meter of {lane}</source>
      <translation>Pegelanzeige von {lane}</translation>
    </message>
    <message>
      <source>Mute {lane}</source>
      <translation>{lane} stumm schalten</translation>
    </message>
    <message>
      <source>Silence {lane}</source>
      <translation>{lane} stumm schalten</translation>
    </message>
    <message>
      <source>Solo {lane}</source>
      <translation>{lane} solo</translation>
    </message>
    <message>
      <source>over</source>
      <translation>über</translation>
    </message>
    <message>
      <source>{level} dB</source>
      <translation>{level} dB</translation>
    </message>
  </context>
  <context>
    <name>Models</name>
    <message>
      <source>CNN mask (experimental)</source>
      <translation>CNN-Maske (im Versuch)</translation>
    </message>
    <message>
      <source>CNN mask, ResNet-18 (experimental)</source>
      <translation>CNN-Maske, ResNet-18 (im Versuch)</translation>
    </message>
    <message>
      <source>U-Net of Jansson et al., five levels</source>
      <translation>U-Net nach Jansson u. a., fünf Stufen</translation>
    </message>
    <message>
      <source>U-Net of Jansson et al., four levels</source>
      <translation>U-Net nach Jansson u. a., vier Stufen</translation>
    </message>
    <message>
      <source>U-Net of Jansson et al., six levels</source>
      <translation>U-Net nach Jansson u. a., sechs Stufen</translation>
    </message>
    <message>
      <source>U-Net of Jansson et al., three levels</source>
      <translation>U-Net nach Jansson u. a., drei Stufen</translation>
    </message>
    <message>
      <source>U-Net of TDC blocks, 17</source>
      <translation>U-Net aus 17 TDC-Blöcken</translation>
    </message>
    <message>
      <source>U-Net of TDC-RNN blocks, 17</source>
      <translation>U-Net aus 17 TDC-RNN-Blöcken</translation>
    </message>
    <message>
      <source>U-Net of TDF blocks, 17</source>
      <translation>U-Net aus 17 TDF-Blöcken</translation>
    </message>
    <message>
      <source>U-Net of TFC blocks, 17</source>
      <translation>U-Net aus 17 TFC-Blöcken</translation>
    </message>
    <message>
      <source>U-Net of TFC-TDF blocks, 17</source>
      <translation>U-Net aus 17 TFC-TDF-Blöcken</translation>
    </message>
    <message>
      <source>U-Net of TFC-TDF blocks, 7</source>
      <translation>U-Net aus 7 TFC-TDF-Blöcken</translation>
    </message>
    <message>
      <source>U-Net of TFC-TDF blocks, 9, 4096 points</source>
      <translation>U-Net aus 9 TFC-TDF-Blöcken, 4096 Punkte</translation>
    </message>
    <message>
      <source>Wave-U-Net M1: direct, mono</source>
      <translation>Wave-U-Net M1: direkt, mono</translation>
    </message>
    <message>
      <source>Wave-U-Net M2: difference, mono</source>
      <translation>Wave-U-Net M2: Differenz, mono</translation>
    </message>
    <message>
      <source>Wave-U-Net M3: with context, mono</source>
      <translation>Wave-U-Net M3: mit Umfeld, mono</translation>
    </message>
    <message>
      <source>Wave-U-Net M4: with context, stereo</source>
      <translation>Wave-U-Net M4: mit Umfeld, stereo</translation>
    </message>
    <message>
      <source>Wave-U-Net M5 at 44.1 kHz</source>
      <translation>Wave-U-Net M5 mit 44,1 kHz</translation>
    </message>
    <message>
      <source>Wave-U-Net M5: learnt upsampling</source>
      <translation>Wave-U-Net M5: gelernte Überabtastung</translation>
    </message>
    <message>
      <source>Wave-U-Net M6: four sources</source>
      <translation>Wave-U-Net M6: vier Quellen</translation>
    </message>
    <message>
      <source>Wave-U-Net M7: 8192 Hz, mono</source>
      <translation>Wave-U-Net M7: mono mit 8192 Hz</translation>
    </message>
    <message>
      <source>Y-Net, landmarks</source>
      <translation>Y-Net, Gesichtspunkte</translation>
    </message>
    <message>
      <source>Y-Net, landmarks, trained on duets</source>
      <translation>Y-Net, Gesichtspunkte, mit Duetten trainiert</translation>
    </message>
    <message>
      <source>Y-Net, mouth video</source>
      <translation>Y-Net, Mundvideo</translation>
    </message>
    <message>
      <source>Y-Net, mouth video, trained on duets</source>
      <translation>Y-Net, Mundvideo, mit Duetten trainiert</translation>
    </message>
    <message>
      <source>none stated by the authors; the user downloads the weights</source>
      <translation>von den Autoren keine genannt; die Gewichte lädt der Benutzer selbst</translation>
    </message>
    <message>
      <source>trained by the user</source>
      <translation>vom Benutzer trainiert</translation>
    </message>
  </context>
  <context>
    <name>ModelsPage</name>
    <message>
      <source>All files</source>
      <translation>Alle Dateien</translation>
    </message>
    <message>
      <source>Checkpoints</source>
      <translation>Checkpoints</translation>
    </message>
    <message>
      <source>Download {name} from its authors, then import it here; it may not be passed on with Solovox.</source>
      <translation>Laden Sie {name} bei den Verfassern herunter und importieren Sie die Datei hier; mit Solovox darf sie nicht weitergegeben werden.</translation>
    </message>
    <message>
      <source>Import a file…</source>
      <translation>Datei importieren …</translation>
    </message>
    <message>
      <source>Import the weights of {title}</source>
      <translation>Gewichte von {title} importieren</translation>
    </message>
    <message>
      <source>Importing…</source>
      <translation>Wird importiert …</translation>
    </message>
    <message>
      <source>Its SHA-256 is right.</source>
      <translation>Die SHA-256 stimmt.</translation>
    </message>
    <message>
      <source>Licence: {licence}</source>
      <translation>Lizenz: {licence}</translation>
    </message>
    <message>
      <source>Model card</source>
      <translation>Modellbeschreibung</translation>
    </message>
    <message>
      <source>Models</source>
      <translation>Modelle</translation>
    </message>
    <message>
      <source>Press again to remove</source>
      <translation>Zum Entfernen nochmals drücken</translation>
    </message>
    <message>
      <source>Reading the weights…</source>
      <translation>Die Gewichte werden gelesen …</translation>
    </message>
    <message>
      <source>Remove</source>
      <translation>Entfernen</translation>
    </message>
    <message>
      <source>Removing…</source>
      <translation>Wird entfernt …</translation>
    </message>
    <message>
      <source>SHA-256: {digest}</source>
      <translation>SHA-256: {digest}</translation>
    </message>
    <message>
      <source>There is no card for this model.</source>
      <translation>Zu diesem Modell gibt es keine Beschreibung.</translation>
    </message>
    <message>
      <source>Verify</source>
      <translation>Prüfen</translation>
    </message>
    <message>
      <source>comes with Solovox, {size}</source>
      <translation>gehört zu Solovox, {size}</translation>
    </message>
    <message>
      <source>damaged, import it again</source>
      <translation>beschädigt, bitte neu importieren</translation>
    </message>
    <message>
      <source>imported, {size}</source>
      <translation>importiert, {size}</translation>
    </message>
    <message>
      <source>no weights yet</source>
      <translation>noch keine Gewichte</translation>
    </message>
  </context>
  <context>
    <name>OfferBar</name>
    <message>
      <source>Decide later</source>
      <translation>Später entscheiden</translation>
    </message>
  </context>
  <context>
    <name>PeopleControl</name>
    <message>
      <source>A singer can be split only where they are in the picture, after their first frame; move the playhead to where the other person begins.</source>
      <translation>Teilen geht nur, wo die Person im Bild ist, nach ihrem ersten Bild; bewegen Sie den Abspielkopf dorthin, wo die andere Person beginnt.</translation>
    </message>
    <message>
      <source>Add face</source>
      <translation>Gesicht hinzufügen</translation>
    </message>
    <message>
      <source>Following the drawn face…</source>
      <translation>Das eingezeichnete Gesicht wird verfolgt …</translation>
    </message>
    <message>
      <source>Following the drawn face… {percent} %</source>
      <translation>Das eingezeichnete Gesicht wird verfolgt … {percent} %</translation>
    </message>
    <message>
      <source>Ignore singer</source>
      <translation>Person ignorieren</translation>
    </message>
    <message>
      <source>List singer again</source>
      <translation>Person wieder aufführen</translation>
    </message>
    <message>
      <source>Merge singers</source>
      <translation>Singende zusammenführen</translation>
    </message>
    <message>
      <source>Separate singers</source>
      <translation>Singende trennen</translation>
    </message>
    <message>
      <source>Split singer</source>
      <translation>Person teilen</translation>
    </message>
    <message>
      <source>Two people</source>
      <translation>Zwei Menschen</translation>
    </message>
    <message>
      <source>{names} are in the picture at the same time; where both are, the larger face counts. If they are two people, undo.</source>
      <translation>{names} sind gleichzeitig im Bild; wo beide zu sehen sind, zählt das größere Gesicht. Sind es zwei Menschen, machen Sie es rückgängig.</translation>
    </message>
  </context>
  <context>
    <name>PreferencesWindow</name>
    <message>
      <source>Computing</source>
      <translation>Rechnen</translation>
    </message>
    <message>
      <source>General</source>
      <translation>Allgemein</translation>
    </message>
    <message>
      <source>Models</source>
      <translation>Modelle</translation>
    </message>
    <message>
      <source>Pages</source>
      <translation>Seiten</translation>
    </message>
    <message>
      <source>Preferences</source>
      <translation>Einstellungen</translation>
    </message>
    <message>
      <source>Shortcuts</source>
      <translation>Tastenkürzel</translation>
    </message>
  </context>
  <context>
    <name>ProjectControl</name>
    <message>
      <source>Find the clip…</source>
      <translation>Clip suchen …</translation>
    </message>
    <message>
      <source>Open project</source>
      <translation>Projekt öffnen</translation>
    </message>
    <message>
      <source>The kept work</source>
      <translation>Die aufbewahrte Arbeit</translation>
    </message>
    <message>
      <source>{count} of the singers in this project were not found again; what was decided about them is left out.</source>
      <translation>{count} der Singenden dieses Projekts wurden nicht wiedergefunden; was über sie entschieden wurde, entfällt.</translation>
    </message>
    <message>
      <source>{project} is about {clip}, which lies neither where it was nor near the project.</source>
      <translation>{project} gehört zu {clip}; der Clip liegt weder am alten Ort noch in der Nähe des Projekts.</translation>
    </message>
  </context>
  <context>
    <name>QueueControl</name>
    <message>
      <source>There is no video in the dropped folder; drop videos or a folder of them.</source>
      <translation>Im abgelegten Ordner ist kein Video; legen Sie Videos oder einen Ordner mit Videos ab.</translation>
    </message>
  </context>
  <context>
    <name>QueuePanel</name>
    <message>
      <source>Add…</source>
      <translation>Hinzufügen …</translation>
    </message>
    <message>
      <source>All singers</source>
      <translation>Alle Singenden</translation>
    </message>
    <message>
      <source>Cancel</source>
      <translation>Abbrechen</translation>
    </message>
    <message>
      <source>Cancelled</source>
      <translation>Abgebrochen</translation>
    </message>
    <message>
      <source>Clip</source>
      <translation>Clip</translation>
    </message>
    <message>
      <source>Down</source>
      <translation>Nach unten</translation>
    </message>
    <message>
      <source>Hide the queue; it goes on</source>
      <translation>Die Warteschlange verbergen; sie läuft weiter</translation>
    </message>
    <message>
      <source>Isolate:</source>
      <translation>Isolieren:</translation>
    </message>
    <message>
      <source>Largest face</source>
      <translation>Größtes Gesicht</translation>
    </message>
    <message>
      <source>Opening</source>
      <translation>Wird geöffnet</translation>
    </message>
    <message>
      <source>Progress</source>
      <translation>Fortschritt</translation>
    </message>
    <message>
      <source>Progress of {name}</source>
      <translation>Fortschritt von {name}</translation>
    </message>
    <message>
      <source>Queue of clips</source>
      <translation>Warteschlange der Clips</translation>
    </message>
    <message>
      <source>Queue: drop clips or folders here</source>
      <translation>Warteschlange: Clips oder Ordner hier ablegen</translation>
    </message>
    <message>
      <source>Queue: {done} of {all} finished</source>
      <translation>Warteschlange: {done} von {all} fertig</translation>
    </message>
    <message>
      <source>Remove</source>
      <translation>Entfernen</translation>
    </message>
    <message>
      <source>Retry</source>
      <translation>Erneut</translation>
    </message>
    <message>
      <source>Show files</source>
      <translation>Dateien zeigen</translation>
    </message>
    <message>
      <source>Start</source>
      <translation>Starten</translation>
    </message>
    <message>
      <source>State</source>
      <translation>Stand</translation>
    </message>
    <message>
      <source>Stop after this clip</source>
      <translation>Nach diesem Clip anhalten</translation>
    </message>
    <message>
      <source>Up</source>
      <translation>Nach oben</translation>
    </message>
    <message>
      <source>Waiting</source>
      <translation>Wartet</translation>
    </message>
    <message>
      <source>Whose voices are isolated</source>
      <translation>Wessen Stimmen isoliert werden</translation>
    </message>
    <message>
      <source>{time} left</source>
      <translation>noch {time}</translation>
    </message>
    <message>
      <source>✓ Done: {names}</source>
      <translation>✓ Fertig: {names}</translation>
    </message>
  </context>
  <context>
    <name>RecentMenu</name>
    <message>
      <source>Clear this list</source>
      <translation>Diese Liste leeren</translation>
    </message>
    <message>
      <source>Open recent</source>
      <translation>Zuletzt geöffnet</translation>
    </message>
    <message>
      <source>{name} (missing)</source>
      <translation>{name} (fehlt)</translation>
    </message>
  </context>
  <context>
    <name>RulerView</name>
    <message>
      <source>Ruler</source>
      <translation>Lineal</translation>
    </message>
  </context>
  <context>
    <name>SamePerson</name>
    <message>
      <source>({count} more)</source>
      <translation>({count} weitere)</translation>
    </message>
    <message>
      <source>Are {first} and {second} the same person?</source>
      <translation>Sind {first} und {second} dieselbe Person?</translation>
    </message>
    <message>
      <source>No</source>
      <translation>Nein</translation>
    </message>
    <message>
      <source>Yes, merge</source>
      <translation>Ja, zusammenführen</translation>
    </message>
  </context>
  <context>
    <name>ShapePanel</name>
    <message>
      <source> ms</source>
      <translation> ms</translation>
    </message>
    <message>
      <source>Advanced</source>
      <translation>Erweitert</translation>
    </message>
    <message>
      <source>Another model takes effect with the next Isolate; the voices of this one are kept for coming back.</source>
      <translation>Ein anderes Modell gilt ab dem nächsten Isolieren; die Stimmen dieses Modells bleiben für eine Rückkehr erhalten.</translation>
    </message>
    <message>
      <source>Fade at both ends of the range</source>
      <translation>Blende an beiden Enden des Bereichs</translation>
    </message>
    <message>
      <source>Fade at range ends</source>
      <translation>Blende an den Bereichsenden</translation>
    </message>
    <message>
      <source>Fuller voice</source>
      <translation>Vollere Stimme</translation>
    </message>
    <message>
      <source>Hear the voice as the model gave it</source>
      <translation>Die Stimme hören, wie das Modell sie liefert</translation>
    </message>
    <message>
      <source>Keep by voice</source>
      <translation>Behalten</translation>
    </message>
    <message>
      <source>Learn this clip's voices first</source>
      <translation>Zuerst die Stimmen dieses Clips lernen</translation>
    </message>
    <message>
      <source>Less bleed</source>
      <translation>Weniger Übersprechen</translation>
    </message>
    <message>
      <source>Less bleed to fuller voice</source>
      <translation>Von weniger Übersprechen zu vollerer Stimme</translation>
    </message>
    <message>
      <source>Model</source>
      <translation>Modell</translation>
    </message>
    <message>
      <source>Out of the picture</source>
      <translation>Außerhalb des Bildes</translation>
    </message>
    <message>
      <source>Reset</source>
      <translation>Zurücksetzen</translation>
    </message>
    <message>
      <source>Rest under the voice</source>
      <translation>Rest unter der Stimme</translation>
    </message>
    <message>
      <source>Silence</source>
      <translation>Stille</translation>
    </message>
    <message>
      <source>Silence while the lips are still</source>
      <translation>Stille, solange die Lippen still sind</translation>
    </message>
    <message>
      <source>Singer out of the picture</source>
      <translation>Person außerhalb des Bildes</translation>
    </message>
    <message>
      <source>Takes about a minute more; better where each singer is also heard alone for some seconds. Mark such a part with In and Out and choose Only this singer here.</source>
      <translation>Dauert etwa eine Minute länger; besser, wo jede Person auch einige Sekunden allein zu hören ist. Markieren Sie eine solche Stelle mit In und Out und wählen Sie „Hier nur diese Person“.</translation>
    </message>
    <message>
      <source>The middle is the voice as the model gave it; double-click to go there</source>
      <translation>In der Mitte ist die Stimme so, wie das Modell sie liefert; Doppelklick springt dorthin</translation>
    </message>
    <message>
      <source>Voice</source>
      <translation>Stimme</translation>
    </message>
    <message>
      <source>{model} – no weights</source>
      <translation>{model} – keine Gewichte</translation>
    </message>
  </context>
  <context>
    <name>ShortcutSheet</name>
    <message>
      <source>All keys</source>
      <translation>Alle Tasten</translation>
    </message>
    <message>
      <source>Keyboard shortcuts</source>
      <translation>Tastenkürzel</translation>
    </message>
  </context>
  <context>
    <name>ShortcutsPage</name>
    <message>
      <source>Action</source>
      <translation>Aktion</translation>
    </message>
    <message>
      <source>Actions and their keys</source>
      <translation>Aktionen und ihre Tasten</translation>
    </message>
    <message>
      <source>Add</source>
      <translation>Hinzufügen</translation>
    </message>
    <message>
      <source>As in the preset</source>
      <translation>Wie in der Vorlage</translation>
    </message>
    <message>
      <source>Find an action or a key</source>
      <translation>Aktion oder Taste suchen</translation>
    </message>
    <message>
      <source>Keys</source>
      <translation>Tasten</translation>
    </message>
    <message>
      <source>Keys of</source>
      <translation>Tasten von</translation>
    </message>
    <message>
      <source>New key</source>
      <translation>Neue Taste</translation>
    </message>
    <message>
      <source>No key</source>
      <translation>Keine Taste</translation>
    </message>
    <message>
      <source>Set</source>
      <translation>Setzen</translation>
    </message>
    <message>
      <source>Your own choice</source>
      <translation>Ihre eigene Wahl</translation>
    </message>
    <message>
      <source>{key} already belongs to “{other}”; choose another key, or take it away from there first.</source>
      <translation>{key} gehört schon zu „{other}“; wählen Sie eine andere Taste oder nehmen Sie sie dort zuerst weg.</translation>
    </message>
    <message>
      <source>{key} moves between controls and presses them; choose another key.</source>
      <translation>{key} wechselt zwischen Bedienelementen und drückt sie; wählen Sie eine andere Taste.</translation>
    </message>
  </context>
  <context>
    <name>SideTabs</name>
    <message>
      <source>Panels</source>
      <translation>Bereiche der Seitenleiste</translation>
    </message>
  </context>
  <context>
    <name>SingerWarnings</name>
    <message>
      <source>Face dark</source>
      <translation>Gesicht dunkel</translation>
    </message>
    <message>
      <source>Lips and sound don't fit together</source>
      <translation>Lippen und Ton passen nicht zusammen</translation>
    </message>
    <message>
      <source>Mouth blurred</source>
      <translation>Mund unscharf</translation>
    </message>
    <message>
      <source>Mouth covered</source>
      <translation>Mund verdeckt</translation>
    </message>
    <message>
      <source>Mouth small</source>
      <translation>Mund klein</translation>
    </message>
    <message>
      <source>Not in the picture between In and Out</source>
      <translation>Zwischen In und Out nicht im Bild</translation>
    </message>
    <message>
      <source>The lips hardly move</source>
      <translation>Die Lippen bewegen sich kaum</translation>
    </message>
    <message>
      <source>Turned to the side</source>
      <translation>Zur Seite gedreht</translation>
    </message>
    <message>
      <source>{fault} for {bad} of {total} s</source>
      <translation>{fault}: {bad} von {total} s</translation>
    </message>
  </context>
  <context>
    <name>SingersModel</name>
    <message>
      <source>fair view</source>
      <translation>mäßige Sicht</translation>
    </message>
    <message>
      <source>good view</source>
      <translation>gute Sicht</translation>
    </message>
    <message>
      <source>poor view</source>
      <translation>schlechte Sicht</translation>
    </message>
    <message>
      <source>{name}: press {number} to choose, F2 to rename</source>
      <translation>{name}: {number} wählt, F2 benennt um</translation>
    </message>
    <message>
      <source>{time} visible · {quality}</source>
      <translation>{time} sichtbar · {quality}</translation>
    </message>
  </context>
  <context>
    <name>SingersPanel</name>
    <message>
      <source>Cancel</source>
      <translation>Abbrechen</translation>
    </message>
    <message>
      <source>List {name} again</source>
      <translation>{name} wieder aufführen</translation>
    </message>
    <message>
      <source>Singers</source>
      <translation>Singende</translation>
    </message>
    <message>
      <source>Stop following the drawn face</source>
      <translation>Das eingezeichnete Gesicht nicht weiter verfolgen</translation>
    </message>
    <message>
      <source>{count} ignored</source>
      <translation>{count} ignoriert</translation>
    </message>
  </context>
  <context>
    <name>Stages</name>
    <message>
      <source>Finding faces</source>
      <translation>Gesichter werden gesucht</translation>
    </message>
    <message>
      <source>Following the face</source>
      <translation>Gesicht wird verfolgt</translation>
    </message>
    <message>
      <source>Hearing the marked parts</source>
      <translation>Markierte Stellen werden gehört</translation>
    </message>
    <message>
      <source>Learning voices</source>
      <translation>Stimmen werden gelernt</translation>
    </message>
    <message>
      <source>Listening for each singer alone</source>
      <translation>Stimmen werden einzeln gesucht</translation>
    </message>
    <message>
      <source>Measuring loudness</source>
      <translation>Lautheit wird gemessen</translation>
    </message>
    <message>
      <source>Reading mouths</source>
      <translation>Münder werden gelesen</translation>
    </message>
    <message>
      <source>Separating</source>
      <translation>Stimmen werden getrennt</translation>
    </message>
    <message>
      <source>Writing sound</source>
      <translation>Ton wird geschrieben</translation>
    </message>
    <message>
      <source>Writing the video</source>
      <translation>Video wird geschrieben</translation>
    </message>
  </context>
  <context>
    <name>Timeline</name>
    <message>
      <source>Scroll the lanes</source>
      <translation>Die Spuren verschieben</translation>
    </message>
  </context>
  <context>
    <name>TimelineControl</name>
    <message>
      <source>Lips and voice</source>
      <translation>Lippen/Stimme</translation>
    </message>
    <message>
      <source>Original</source>
      <translation>Original</translation>
    </message>
  </context>
  <context>
    <name>Told</name>
    <message>
      <source>A face of the scan is at this place already; choose it instead of drawing one.</source>
      <translation>Hier ist schon ein gefundenes Gesicht; wählen Sie es, statt eines zu zeichnen.</translation>
    </message>
    <message>
      <source>A timeline places sound files; export the voices or the rest too.</source>
      <translation>Eine Timeline ordnet Tondateien an; exportieren Sie auch die Stimmen oder den Rest.</translation>
    </message>
    <message>
      <source>A {kind} file cannot hold the new sound beside the original one, so a {choice} file is written.</source>
      <translation>Eine {kind}-Datei kann den neuen Ton nicht neben dem ursprünglichen aufnehmen, darum wird eine {choice}-Datei geschrieben.</translation>
    </message>
    <message>
      <source>A {suffix} file cannot hold this clip's picture and sound; choose .mkv instead.</source>
      <translation>Eine {suffix}-Datei kann Bild und Ton dieses Clips nicht aufnehmen; wählen Sie .mkv.</translation>
    </message>
    <message>
      <source>AAC cannot hold sound at {rate} Hz, at most 96000 Hz; choose FLAC or WAV, which keep the rate.</source>
      <translation>AAC fasst keinen Ton mit {rate} Hz, höchstens 96000 Hz; wählen Sie FLAC oder WAV, die die Rate behalten.</translation>
    </message>
    <message>
      <source>AAC is written in mono, stereo or 5.1, and this sound has {count} channels ({layout}); choose FLAC or WAV, which keep them all.</source>
      <translation>AAC wird in Mono, Stereo oder 5.1 geschrieben, dieser Ton hat {count} Kanäle ({layout}); wählen Sie FLAC oder WAV, die alle behalten.</translation>
    </message>
    <message>
      <source>Added singer {number}</source>
      <translation>Ergänzte Person {number}</translation>
    </message>
    <message>
      <source>An EDL holds {count} channels of sound, fewer than one of these stems has; choose FCPXML, OTIO or Final Cut Pro 7 XML.</source>
      <translation>Eine EDL fasst {count} Tonkanäle, weniger als einer dieser Stems hat; wählen Sie FCPXML, OTIO oder Final Cut Pro 7 XML.</translation>
    </message>
    <message>
      <source>An unexpected fault stopped this step ({kind}); try again, and if it comes back report it with the file {file}.</source>
      <translation>Ein unvorhergesehener Fehler hat diesen Schritt beendet ({kind}); versuchen Sie es noch einmal, und melden Sie ihn mit der Datei {file}, wenn er wiederkommt.</translation>
    </message>
    <message>
      <source>CPU, {count} threads</source>
      <translation>CPU, {count} Threads</translation>
    </message>
    <message>
      <source>CPU, {count} threads, bf16</source>
      <translation>CPU, {count} Threads, bf16</translation>
    </message>
    <message>
      <source>FLAC cannot hold sound at {rate} Hz; choose a WAV format.</source>
      <translation>FLAC fasst keinen Ton mit {rate} Hz; wählen Sie ein WAV-Format.</translation>
    </message>
    <message>
      <source>FLAC cannot hold {count} channels; choose a WAV format.</source>
      <translation>FLAC fasst keine {count} Kanäle; wählen Sie ein WAV-Format.</translation>
    </message>
    <message>
      <source>In {file} the tensor {tensor} has shape {shape} where Y-Net has {wanted}; give one of the published seven-level checkpoints.</source>
      <translation>In {file} hat der Tensor {tensor} die Form {shape}, in Y-Net aber {wanted}; wählen Sie einen der veröffentlichten Checkpoints mit sieben Stufen.</translation>
    </message>
    <message>
      <source>MP3 cannot hold sound at {rate} Hz, at most 48000 Hz; choose FLAC or WAV, which keep the rate.</source>
      <translation>MP3 fasst keinen Ton mit {rate} Hz, höchstens 48000 Hz; wählen Sie FLAC oder WAV, die die Rate behalten.</translation>
    </message>
    <message>
      <source>MP3 holds one or two channels and this sound has {count}; choose AAC, FLAC or WAV, which keep them all.</source>
      <translation>MP3 fasst einen oder zwei Kanäle, dieser Ton hat {count}; wählen Sie AAC, FLAC oder WAV, die alle behalten.</translation>
    </message>
    <message>
      <source>No face was found in {name}, so there is no voice to isolate.</source>
      <translation>In {name} wurde kein Gesicht gefunden, also gibt es keine Stimme zu isolieren.</translation>
    </message>
    <message>
      <source>No mouth and eyes could be made out in the box; draw it around the whole face, or in a picture in which the face is larger or turned to the camera.</source>
      <translation>Im Rahmen waren Mund und Augen nicht zu erkennen; ziehen Sie ihn um das ganze Gesicht, oder in einem Bild, in dem es größer oder der Kamera zugewandt ist.</translation>
    </message>
    <message>
      <source>Nobody beside {name} is heard alone, so there is nothing to tell the voice from.</source>
      <translation>Außer {name} ist niemand allein zu hören, darum gibt es nichts, wovon die Stimme zu unterscheiden wäre.</translation>
    </message>
    <message>
      <source>Nothing can be written to the folder {folder}; choose another.</source>
      <translation>In den Ordner {folder} lässt sich nichts schreiben; wählen Sie einen anderen.</translation>
    </message>
    <message>
      <source>Singer {letter}</source>
      <translation>Person {letter}</translation>
    </message>
    <message>
      <source>The cache may take {least} to {most} GB; give a whole number between them.</source>
      <translation>Der Zwischenspeicher darf {least} bis {most} GB belegen; geben Sie eine ganze Zahl dazwischen an.</translation>
    </message>
    <message>
      <source>The chosen range holds no sound; choose another one.</source>
      <translation>Im gewählten Bereich ist kein Ton; wählen Sie einen anderen.</translation>
    </message>
    <message>
      <source>The computed voices need about {size} in {folder} and {free} are free; free some space or clear the cache in the preferences.</source>
      <translation>Die berechneten Stimmen brauchen etwa {size} in {folder}, frei sind {free}; schaffen Sie Platz oder leeren Sie den Zwischenspeicher in den Einstellungen.</translation>
    </message>
    <message>
      <source>The export needs about {size} in {folder} and {free} are free; free some space or choose another folder.</source>
      <translation>Der Export braucht etwa {size} in {folder}, frei sind {free}; schaffen Sie Platz oder wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
      <source>The model cannot be written to {folder} ({reason}); free some space or choose another folder.</source>
      <translation>Das Modell lässt sich nicht nach {folder} schreiben ({reason}); schaffen Sie Platz oder wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
      <source>The model {model} belongs to the program and stays.</source>
      <translation>Das Modell {model} gehört zum Programm und bleibt.</translation>
    </message>
    <message>
      <source>The model {model} has no weights here; there is nothing to remove.</source>
      <translation>Das Modell {model} hat hier keine Gewichte; es gibt nichts zu entfernen.</translation>
    </message>
    <message>
      <source>The model {model} is there already; remove it first to replace it.</source>
      <translation>Das Modell {model} ist schon da; entfernen Sie es zuerst, um es zu ersetzen.</translation>
    </message>
    <message>
      <source>The model {title} cannot learn voices; choose the default model.</source>
      <translation>Das Modell {title} kann keine Stimmen lernen; wählen Sie das Standardmodell.</translation>
    </message>
    <message>
      <source>The model {title} follows a face, but none was chosen; choose a singer.</source>
      <translation>Das Modell {title} folgt einem Gesicht, aber keines ist gewählt; wählen Sie eine Person.</translation>
    </message>
    <message>
      <source>The picture of {path} cannot be copied to a new file; export the sound alone.</source>
      <translation>Das Bild von {path} lässt sich nicht in eine neue Datei kopieren; exportieren Sie nur den Ton.</translation>
    </message>
    <message>
      <source>The picture of {path} cannot be copied to a {suffix} file ({reason}); choose another kind of file or export the sound alone.</source>
      <translation>Das Bild von {path} lässt sich nicht in eine {suffix}-Datei kopieren ({reason}); wählen Sie eine andere Dateiart oder exportieren Sie nur den Ton.</translation>
    </message>
    <message>
      <source>The settings in {path} could not be read, so the usual ones are in use.</source>
      <translation>Die Einstellungen in {path} ließen sich nicht lesen, darum gelten die üblichen.</translation>
    </message>
    <message>
      <source>The template of the file names says nothing; write {clip} into it.</source>
      <translation>Die Vorlage der Dateinamen sagt nichts; schreiben Sie {clip} hinein.</translation>
    </message>
    <message>
      <source>The weights {file} cannot be read; install the program again.</source>
      <translation>Die Gewichte {file} lassen sich nicht lesen; installieren Sie das Programm neu.</translation>
    </message>
    <message>
      <source>The {what} of {path} is in a format that Solovox has no decoder for; convert the clip first, for instance to ProRes or H.264 with PCM sound.</source>
      <translation>{path}: für das Format ({what}) hat Solovox keinen Decoder; wandeln Sie den Clip zuerst um, etwa in ProRes oder H.264 mit PCM-Ton.</translation>
    </message>
    <message>
      <source>There is no file {path}; check the name and the folder.</source>
      <translation>Es gibt keine Datei {path}; prüfen Sie Name und Ordner.</translation>
    </message>
    <message>
      <source>There is no file {path}; check the name.</source>
      <translation>Es gibt keine Datei {path}; prüfen Sie den Namen.</translation>
    </message>
    <message>
      <source>There is no file {path}; give the path of a downloaded checkpoint.</source>
      <translation>Es gibt keine Datei {path}; wählen Sie einen heruntergeladenen Checkpoint.</translation>
    </message>
    <message>
      <source>There is no folder {folder}; make it first or choose another.</source>
      <translation>Es gibt keinen Ordner {folder}; legen Sie ihn an oder wählen Sie einen anderen.</translation>
    </message>
    <message>
      <source>There is no {field} in names; choose from {known}.</source>
      <translation>In Namen gibt es kein {field}; wählen Sie aus {known}.</translation>
    </message>
    <message>
      <source>There is not enough memory for this model; close other programs or choose another model.</source>
      <translation>Der Speicher reicht für dieses Modell nicht; schließen Sie andere Programme oder wählen Sie ein anderes Modell.</translation>
    </message>
    <message>
      <source>This machine has no usable {device} device; choose auto or cpu instead.</source>
      <translation>Dieser Rechner hat kein nutzbares Gerät {device}; wählen Sie auto oder cpu.</translation>
    </message>
    <message>
      <source>{file} does not fit its own description; install it again.</source>
      <translation>{file} passt nicht zu seiner eigenen Beschreibung; installieren Sie die Datei neu.</translation>
    </message>
    <message>
      <source>{file} holds pickled program code, which is never run; give a checkpoint that holds tensors only.</source>
      <translation>{file} enthält verpackten Programmcode, der nie ausgeführt wird; wählen Sie einen Checkpoint, der nur Tensoren enthält.</translation>
    </message>
    <message>
      <source>{file} holds weights that are not numbers; download it again.</source>
      <translation>{file} enthält Gewichte, die keine Zahlen sind; laden Sie die Datei noch einmal herunter.</translation>
    </message>
    <message>
      <source>{file} holds {tensor}, which Y-Net does not have; give one of the published Y-Net checkpoints.</source>
      <translation>{file} enthält {tensor}, das es in Y-Net nicht gibt; wählen Sie einen der veröffentlichten Y-Net-Checkpoints.</translation>
    </message>
    <message>
      <source>{file} is damaged ({reason}); open a copy or a backup of it.</source>
      <translation>{file} ist beschädigt ({reason}); öffnen Sie eine Kopie oder Sicherung.</translation>
    </message>
    <message>
      <source>{file} is no Solovox project; open a .solovox file or a video.</source>
      <translation>{file} ist kein Solovox-Projekt; öffnen Sie eine .solovox-Datei oder ein Video.</translation>
    </message>
    <message>
      <source>{file} is not a Y-Net checkpoint: it has neither a landmark nor a mouth network; give one of the published files y_net_g7, gr7, m7 or mr7.</source>
      <translation>{file} ist kein Y-Net-Checkpoint: es enthält weder ein Landmarken- noch ein Mundnetz; wählen Sie eine der veröffentlichten Dateien y_net_g7, gr7, m7 oder mr7.</translation>
    </message>
    <message>
      <source>{file} is not a whole PyTorch checkpoint; download it again or choose another file.</source>
      <translation>{file} ist kein vollständiger PyTorch-Checkpoint; laden Sie ihn noch einmal herunter oder wählen Sie eine andere Datei.</translation>
    </message>
    <message>
      <source>{file} is not the clip this project was made with ({clip}): its content differs; choose the same file, wherever it lies now and whatever its name.</source>
      <translation>{file} ist nicht der Clip dieses Projekts ({clip}): der Inhalt ist anders; wählen Sie dieselbe Datei, wo immer sie jetzt liegt und wie sie auch heißt.</translation>
    </message>
    <message>
      <source>{file} is too large for a project; open another file.</source>
      <translation>{file} ist zu groß für ein Projekt; öffnen Sie eine andere Datei.</translation>
    </message>
    <message>
      <source>{file} lacks {count} tensors of Y-Net, among them {tensor}; download the checkpoint again.</source>
      <translation>In {file} fehlen {count} Tensoren von Y-Net, darunter {tensor}; laden Sie den Checkpoint noch einmal herunter.</translation>
    </message>
    <message>
      <source>{file} was saved by a newer version of Solovox and would lose something here; update Solovox to open it.</source>
      <translation>{file} wurde von einer neueren Version von Solovox gespeichert und würde hier etwas verlieren; aktualisieren Sie Solovox, um die Datei zu öffnen.</translation>
    </message>
    <message>
      <source>{file} was trained on another landmark graph; give one of the published Y-Net checkpoints.</source>
      <translation>{file} wurde mit einem anderen Landmarkengraphen trainiert; wählen Sie einen der veröffentlichten Y-Net-Checkpoints.</translation>
    </message>
    <message>
      <source>{name} is heard alone for {seconds} s, too little to learn the voice; mark {least} s or more where nobody else sounds.</source>
      <translation>{name} ist {seconds} s lang allein zu hören, zu kurz, um die Stimme zu lernen; markieren Sie {least} s oder mehr, wo sonst niemand klingt.</translation>
    </message>
    <message>
      <source>{name} is not in the picture in the chosen range.</source>
      <translation>{name} ist im gewählten Bereich nicht im Bild.</translation>
    </message>
    <message>
      <source>{name}: a copied picture can begin at key frames only, so it begins {seconds} s before the range; .mov and .mp4 hide that.</source>
      <translation>{name}: ein kopiertes Bild kann nur an Schlüsselbildern beginnen, darum beginnt es {seconds} s vor dem Bereich; .mov und .mp4 verbergen das.</translation>
    </message>
    <message>
      <source>{name}: lips and sound hardly agree; the voice given may be somebody else's.</source>
      <translation>{name}: Lippen und Ton passen kaum zusammen; die Stimme kann die einer anderen Person sein.</translation>
    </message>
    <message>
      <source>{name}: the face is dark for {bad} of {total} visible seconds.</source>
      <translation>{name}: in {bad} von {total} sichtbaren Sekunden ist das Gesicht dunkel.</translation>
    </message>
    <message>
      <source>{name}: the face is small in the picture for {bad} of {total} visible seconds.</source>
      <translation>{name}: in {bad} von {total} sichtbaren Sekunden ist das Gesicht klein im Bild.</translation>
    </message>
    <message>
      <source>{name}: the face is turned far to the side for {bad} of {total} visible seconds.</source>
      <translation>{name}: in {bad} von {total} sichtbaren Sekunden ist das Gesicht weit zur Seite gedreht.</translation>
    </message>
    <message>
      <source>{name}: the mouth is blurred for {bad} of {total} visible seconds.</source>
      <translation>{name}: in {bad} von {total} sichtbaren Sekunden ist der Mund unscharf.</translation>
    </message>
    <message>
      <source>{name}: the mouth is covered for {bad} of {total} visible seconds.</source>
      <translation>{name}: in {bad} von {total} sichtbaren Sekunden ist der Mund verdeckt.</translation>
    </message>
    <message>
      <source>{path} cannot be read ({reason}); check its permissions.</source>
      <translation>{path} lässt sich nicht lesen ({reason}); prüfen Sie die Zugriffsrechte.</translation>
    </message>
    <message>
      <source>{path} cannot be read ({reason}); check the name and permissions.</source>
      <translation>{path} lässt sich nicht lesen ({reason}); prüfen Sie Name und Zugriffsrechte.</translation>
    </message>
    <message>
      <source>{path} could not be written ({reason}); free some space or choose another folder.</source>
      <translation>{path} ließ sich nicht schreiben ({reason}); schaffen Sie Platz oder wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
      <source>{path} exists already; choose another name or allow overwriting.</source>
      <translation>{path} gibt es schon; wählen Sie einen anderen Namen oder erlauben Sie das Überschreiben.</translation>
    </message>
    <message>
      <source>{path} has no picture that can be read at that time.</source>
      <translation>{path} hat zu dieser Zeit kein lesbares Bild.</translation>
    </message>
    <message>
      <source>{path} has no picture that can be read; give a clip in which the singer can be seen.</source>
      <translation>{path} hat kein lesbares Bild; wählen Sie einen Clip, in dem die Person zu sehen ist.</translation>
    </message>
    <message>
      <source>{path} has no sound that can be read; give a clip with an audio track.</source>
      <translation>{path} hat keinen lesbaren Ton; wählen Sie einen Clip mit Tonspur.</translation>
    </message>
    <message>
      <source>{path} has no sound that can be read; give another clip.</source>
      <translation>{path} hat keinen lesbaren Ton; wählen Sie einen anderen Clip.</translation>
    </message>
    <message>
      <source>{path} holds neither sound nor a picture that can be decoded; copy it again from its source.</source>
      <translation>{path} enthält weder lesbaren Ton noch ein lesbares Bild; kopieren Sie die Datei noch einmal von ihrer Quelle.</translation>
    </message>
    <message>
      <source>{path} is a folder; give a file name.</source>
      <translation>{path} ist ein Ordner; geben Sie einen Dateinamen an.</translation>
    </message>
    <message>
      <source>{path} is a folder; give one video file in it.</source>
      <translation>{path} ist ein Ordner; wählen Sie eine Videodatei darin.</translation>
    </message>
    <message>
      <source>{path} is cut off: its index is missing, so nothing in it can be found; copy it again from the camera or repair it first.</source>
      <translation>{path} ist abgeschnitten: das Inhaltsverzeichnis fehlt, darum ist nichts darin zu finden; kopieren Sie die Datei noch einmal von der Kamera oder reparieren Sie sie zuerst.</translation>
    </message>
    <message>
      <source>{path} is empty; copy it again from its source.</source>
      <translation>{path} ist leer; kopieren Sie die Datei noch einmal von ihrer Quelle.</translation>
    </message>
    <message>
      <source>{path} is no video or sound file that can be read, whatever its name says; choose another file.</source>
      <translation>{path} ist keine lesbare Video- oder Tondatei, was auch der Name sagt; wählen Sie eine andere Datei.</translation>
    </message>
    <message>
      <source>{path} is the clip itself; choose another name.</source>
      <translation>{path} ist der Clip selbst; wählen Sie einen anderen Namen.</translation>
    </message>
  </context>
  <context>
    <name>TransportBar</name>
    <message>
      <source>In {start}   Out {stop}   Length {length}</source>
      <translation>In {start}   Out {stop}   Länge {length}</translation>
    </message>
    <message>
      <source>Pause</source>
      <translation>Pause</translation>
    </message>
    <message>
      <source>Play</source>
      <translation>Abspielen</translation>
    </message>
    <message>
      <source>Position</source>
      <translation>Position</translation>
    </message>
    <message>
      <source>Source timecode</source>
      <translation>Timecode der Quelle</translation>
    </message>
    <message>
      <source>Source timecode of the picture</source>
      <translation>Timecode der Quelle zum Bild</translation>
    </message>
    <message>
      <source>Speed</source>
      <translation>Tempo</translation>
    </message>
    <message>
      <source>Whole clip</source>
      <translation>Ganzer Clip</translation>
    </message>
  </context>
  <context>
    <name>VideoCanvas</name>
    <message>
      <source>Draw a box around a face: arrows move it, Shift and arrows size it, Enter takes it, Escape leaves.</source>
      <translation>Einen Rahmen um ein Gesicht ziehen: Pfeiltasten bewegen ihn, Umschalt und Pfeiltasten ändern die Größe, Enter übernimmt, Escape bricht ab.</translation>
    </message>
    <message>
      <source>Draw a box around the whole face · Esc leaves</source>
      <translation>Einen Rahmen um das ganze Gesicht ziehen · Esc bricht ab</translation>
    </message>
    <message>
      <source>Drop a video of people singing here, or click to open one</source>
      <translation>Ziehen Sie ein Video von singenden Menschen hierher oder klicken Sie, um eines zu öffnen</translation>
    </message>
    <message>
      <source>No faces found yet</source>
      <translation>Noch keine Gesichter gefunden</translation>
    </message>
    <message>
      <source>Picture</source>
      <translation>Bild</translation>
    </message>
    <message>
      <source>focused</source>
      <translation>im Fokus</translation>
    </message>
    <message>
      <source>selected</source>
      <translation>gewählt</translation>
    </message>
  </context>
  <context>
    <name>_FileList</name>
    <message>
      <source>Exported files</source>
      <translation>Exportierte Dateien</translation>
    </message>
  </context>
</TS>

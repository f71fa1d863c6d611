//! The stimuli, the pauses between them, interruptions and questions.

use super::Phrase;

phrases! {
    /// Heading before the first stimulus.
    READY_TITLE = "ready.title" { "Ready?", "Bereit?", "Prêt ?", "¿Listo?" }
    /// What happens next.
    READY_TEXT = "ready.text" {
        "Press the button when you are ready. You can rest here as long as you like.",
        "Drücken Sie den Knopf, wenn Sie bereit sind. Sie können hier so lange ausruhen, wie Sie möchten.",
        "Appuyez sur le bouton quand vous êtes prêt. Vous pouvez vous reposer ici aussi longtemps que vous voulez.",
        "Pulse el botón cuando esté listo. Puede descansar aquí todo el tiempo que quiera.",
    }
    /// The button that shows the next stimulus.
    READY_START = "ready.start" { "Show", "Zeigen", "Montrer", "Mostrar" }
    /// Once more after an interruption.
    READY_REPEAT = "ready.repeat" {
        "That was interrupted. It is shown once more from the beginning.",
        "Das wurde unterbrochen. Es wird noch einmal von Anfang an gezeigt.",
        "Cela a été interrompu. On le montre encore une fois depuis le début.",
        "Eso se interrumpió. Se muestra otra vez desde el principio.",
    }
    /// The offer of full screen.
    FULL_SCREEN = "full_screen" { "Full screen", "Vollbild", "Plein écran", "Pantalla completa" }
    /// Full screen was left.
    FULL_SCREEN_LEFT = "full_screen.left" {
        "You have left the full screen. You can go back to it, or go on like this.",
        "Sie haben das Vollbild verlassen. Sie können dorthin zurückkehren oder so weitermachen.",
        "Vous avez quitté le plein écran. Vous pouvez y revenir ou continuer ainsi.",
        "Ha salido de la pantalla completa. Puede volver a ella o seguir así.",
    }
    /// Name of the region where stimuli are shown.
    SHOWING_LABEL = "showing.label" { "What is shown", "Was gezeigt wird", "Ce qui est montré", "Lo que se muestra" }
    /// The browser wants a click before the video.
    SHOWING_PLAY = "showing.play" {
        "Press to play the video", "Zum Abspielen des Videos drücken", "Appuyez pour lire la vidéo", "Pulse para reproducir el vídeo"
    }
    /// The video stands still.
    SHOWING_STALLED = "showing.stalled" {
        "The video stands still. It goes on as soon as it can.", "Das Video steht. Es geht weiter, sobald es kann.",
        "La vidéo est arrêtée. Elle reprend dès que possible.", "El vídeo se ha parado. Seguirá en cuanto pueda.",
    }
    /// The page was hidden.
    AWAY = "away" {
        "You were away. Please keep this page in front of you while something is shown.",
        "Sie waren weg. Bitte lassen Sie diese Seite vor sich, solange etwas gezeigt wird.",
        "Vous étiez absent. Merci de garder cette page devant vous pendant que l'on montre quelque chose.",
        "Estaba ausente. Por favor, mantenga esta página delante mientras se muestra algo.",
    }
    /// Another face.
    OTHER_FACE = "other_face" {
        "This is another face than at the beginning. Only the first person takes part.",
        "Das ist ein anderes Gesicht als am Anfang. Nur die erste Person nimmt teil.",
        "Ce visage n'est pas celui du début. Seule la première personne participe.",
        "Esta cara no es la del principio. Solo participa la primera persona.",
    }
    /// The camera is gone.
    CAMERA_LOST = "camera.lost" {
        "The camera gives no more pictures. Check it, then try again.",
        "Die Kamera liefert keine Bilder mehr. Prüfen Sie sie und versuchen Sie es noch einmal.",
        "La caméra ne donne plus d'images. Vérifiez-la, puis réessayez.",
        "La cámara ya no da imágenes. Compruébela e inténtelo de nuevo.",
    }
    /// Heading of a pause.
    PAUSE_TITLE = "pause.title" { "A short rest", "Eine kurze Pause", "Une courte pause", "Un breve descanso" }
    /// It goes on by itself.
    PAUSE_LEFT = "pause.left" {
        "It goes on in {seconds} seconds.", "Es geht in {seconds} Sekunden weiter.",
        "La suite dans {seconds} secondes.", "Continúa en {seconds} segundos.",
    }
    /// Heading of the questions.
    QUESTIONS_TITLE = "questions.title" { "Questions", "Fragen", "Questions", "Preguntas" }
    /// The mark of a question that must be answered.
    QUESTIONS_REQUIRED = "questions.required" { "Please answer", "Bitte beantworten", "Réponse requise", "Por favor, responda" }
    /// The mark of a question that may be left out.
    QUESTIONS_OPTIONAL = "questions.optional" { "You may skip this", "Freiwillig", "Facultatif", "Opcional" }
    /// Several may be chosen.
    QUESTIONS_SEVERAL = "questions.several" {
        "You can choose several.", "Sie können mehrere wählen.", "Vous pouvez en choisir plusieurs.", "Puede elegir varias.",
    }
    /// An answer is missing.
    QUESTIONS_MISSING = "questions.missing" {
        "One answer is still missing.", "Eine Antwort fehlt noch.", "Il manque encore une réponse.", "Aún falta una respuesta.",
    }
    /// Characters that are left in a text.
    QUESTIONS_LEFT = "questions.left" {
        "{count} characters left", "noch {count} Zeichen", "encore {count} caractères", "quedan {count} caracteres"
    }
}
